/*
summary: Events and active entities of each calendar day, in the catalogue's time zone.
tables:
  events: events
parameters:
  since: {type: timestamp, doc: The first moment that counts.}
  until: {type: timestamp, doc: The first moment that no longer counts.}
*/
SELECT
  DATE(event_time, @timezone) AS day,
  COUNT(*) AS events,
  COUNT(DISTINCT entity_id) AS entities
FROM events
WHERE event_time >= @since AND event_time < @until
GROUP BY day
ORDER BY day
