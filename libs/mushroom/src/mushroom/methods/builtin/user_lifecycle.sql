/*
name: user_lifecycle
summary: New, returning and lapsed entities of each day, week or month.
returns:
  period: {type: date, doc: "The period's first day, in the catalogue's time zone."}
  active_users: {type: int64, doc: "Entities with an event in it: the new and the returning."}
  new_users: {type: int64, doc: Those that had no event in any period before.}
  returning_users: {type: int64, doc: Those that had one.}
  lapsed_users: {type: int64, doc: Entities that were active in the period just before and not in this.}
tables:
  events: {kind: events, doc: Any log.}
parameters:
  since: {type: timestamp, doc: Periods that begin earlier are not listed.}
  until: {type: timestamp, doc: The first moment that no longer counts.}
  period: {type: string, one_of: [day, week, month], doc: A week begins on Monday., default: month}
note: >
  All events before `until` are read, or nobody could be told to be new. Let `until` be the end of a
  period: in one that is cut short, whoever was not active yet counts as lapsed. A period in which
  nobody was active or lapsed has no row.
*/
WITH
  present AS (
    SELECT DISTINCT
      entity_id,
      CASE @period
        WHEN 'week' THEN DATE_TRUNC(DATE(event_time, @timezone), ISOWEEK)
        WHEN 'month' THEN DATE_TRUNC(DATE(event_time, @timezone), MONTH)
        ELSE DATE(event_time, @timezone)
      END AS period
    FROM events
    WHERE event_time < @until
  ),
  neighbours AS (
    SELECT
      entity_id,
      period,
      CASE @period
        WHEN 'week' THEN DATE_ADD(period, INTERVAL 7 DAY)
        WHEN 'month' THEN DATE_ADD(period, INTERVAL 1 MONTH)
        ELSE DATE_ADD(period, INTERVAL 1 DAY)
      END AS next_period,
      LAG(period) OVER (PARTITION BY entity_id ORDER BY period) AS earlier,
      LEAD(period) OVER (PARTITION BY entity_id ORDER BY period) AS later
    FROM present
  ),
  moves AS (
    SELECT period, IF(earlier IS NULL, 'new', 'returning') AS move FROM neighbours
    UNION ALL
    SELECT next_period AS period, 'lapsed' AS move
    FROM neighbours
    WHERE later IS NULL OR later > next_period
  )
SELECT
  period,
  COUNTIF(move != 'lapsed') AS active_users,
  COUNTIF(move = 'new') AS new_users,
  COUNTIF(move = 'returning') AS returning_users,
  COUNTIF(move = 'lapsed') AS lapsed_users
FROM moves
WHERE TIMESTAMP(period, @timezone) >= @since AND TIMESTAMP(period, @timezone) < @until
GROUP BY period
ORDER BY period
