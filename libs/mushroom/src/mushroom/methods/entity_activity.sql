/*
summary: The first and last event and the number of events of each entity.
tables:
  events: events
parameters:
  until: {type: timestamp, doc: The first moment that no longer counts.}
  min_events: {type: int64, doc: Entities with fewer events are left out., default: 1}
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
