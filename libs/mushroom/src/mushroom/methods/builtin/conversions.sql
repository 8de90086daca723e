/*
name: conversions
summary: Whether, when and how often each entity that was active did one of some actions.
returns:
  entity_id: {type: entity, doc: The entity.}
  events: {type: int64, doc: How many events of any action it has.}
  first_seen: {type: timestamp, doc: The first of them.}
  conversions: {type: int64, doc: How many of them are of the actions asked for.}
  first_conversion: {type: timestamp, doc: The first of these; NULL without one.}
tables:
  events: {kind: events, categories: [action], doc: "A log of several kinds of action."}
parameters:
  actions: {type: array<string>, doc: "The values of `action` that are conversions."}
  since: {type: timestamp, doc: The first moment that counts.}
  until: {type: timestamp, doc: The first moment that no longer counts.}
*/
SELECT
  entity_id,
  COUNT(*) AS events,
  MIN(event_time) AS first_seen,
  COUNTIF(action IN UNNEST(@actions)) AS conversions,
  MIN(IF(action IN UNNEST(@actions), event_time, NULL)) AS first_conversion
FROM events
WHERE event_time >= @since AND event_time < @until
GROUP BY entity_id
ORDER BY entity_id
