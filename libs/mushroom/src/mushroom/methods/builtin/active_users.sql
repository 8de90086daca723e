/*
name: active_users
summary: How many entities were active in each day, week or month of the catalogue's time zone.
returns:
  period: {type: date, doc: The period's first day.}
  active: {type: int64, doc: How many entities have an event in it.}
  events: {type: int64, doc: How many events they have.}
tables:
  events: {kind: events, doc: Any log.}
parameters:
  since: {type: timestamp, doc: The first moment that counts.}
  until: {type: timestamp, doc: The first moment that no longer counts.}
  period: {type: string, one_of: [day, week, month], doc: A week begins on Monday., default: day}
note: A period without events has no row.
*/
WITH
  dated AS (
    SELECT entity_id, DATE(event_time, @timezone) AS day
    FROM events
    WHERE event_time >= @since AND event_time < @until
  ),
  placed AS (
    SELECT
      entity_id,
      CASE @period
        WHEN 'week' THEN DATE_TRUNC(day, ISOWEEK)
        WHEN 'month' THEN DATE_TRUNC(day, MONTH)
        ELSE day
      END AS period
    FROM dated
  )
SELECT period, COUNT(DISTINCT entity_id) AS active, COUNT(*) AS events
FROM placed
GROUP BY period
ORDER BY period
