/*
name: entity_activity
summary: The first and last event and the number of events of each entity.
returns:
  entity_id: {type: entity, doc: The entity.}
  events: {type: int64, doc: How many events it has.}
  first_seen: {type: timestamp, doc: When the first one was.}
  last_seen: {type: timestamp, doc: When the last one was.}
tables:
  events: {kind: events, doc: Any log.}
parameters:
  until: {type: timestamp, doc: The first moment that no longer counts.}
  min_events: {type: int64, at_least: 1, doc: Entities with fewer events are left out., default: 1}
*/
SELECT
  entity_id,
  COUNT(*) AS events,
  MIN(event_time) AS first_seen,
  MAX(event_time) AS last_seen
FROM events
WHERE event_time < @until
GROUP BY entity_id
HAVING COUNT(*) >= @min_events
ORDER BY entity_id
