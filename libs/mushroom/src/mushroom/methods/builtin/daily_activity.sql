/*
name: daily_activity
summary: Events and active entities of each calendar day, in the catalogue's time zone.
returns:
  day: {type: date, doc: The calendar day.}
  events: {type: int64, doc: How many events it saw.}
  entities: {type: int64, doc: How many entities these events belong to.}
tables:
  events: {kind: events, doc: Any log.}
parameters:
  since: {type: timestamp, doc: The first moment that counts.}
  until: {type: timestamp, doc: The first moment that no longer counts.}
note: A day without events has no row.
*/
SELECT
  DATE(event_time, @timezone) AS day,
  COUNT(*) AS events,
  COUNT(DISTINCT entity_id) AS entities
FROM events
WHERE event_time >= @since AND event_time < @until
GROUP BY day
ORDER BY day
