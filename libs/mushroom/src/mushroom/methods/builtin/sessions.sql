/*
name: sessions
summary: "The sessions of each entity: runs of events with no longer gap between them than allowed."
returns:
  entity_id: {type: entity, doc: The entity.}
  session: {type: int64, doc: "1 for the entity's first session in that time, and so on."}
  started_at: {type: timestamp, doc: The first event.}
  ended_at: {type: timestamp, doc: The last event.}
  events: {type: int64, doc: How many events the session has.}
  seconds: {type: int64, doc: Whole seconds from the first event to the last.}
tables:
  events: {kind: events, doc: Any log.}
parameters:
  since: {type: timestamp, doc: The first moment that counts.}
  until: {type: timestamp, doc: The first moment that no longer counts.}
  gap_minutes: {type: int64, at_least: 0, doc: "A pause that is longer begins a new session.", default: 30}
note: >
  A session that is under way at `since` is cut there. Events of one moment are of one session.
  Gaps are true durations: they do not stretch when clocks are set.
*/
WITH
  paused AS (
    SELECT
      entity_id,
      event_time,
      LAG(event_time) OVER (PARTITION BY entity_id ORDER BY event_time) AS previous
    FROM events
    WHERE event_time >= @since AND event_time < @until
  ),
  numbered AS (
    SELECT
      entity_id,
      event_time,
      SUM(
        IF(
          previous IS NULL
          OR event_time > TIMESTAMP_ADD(previous, INTERVAL @gap_minutes MINUTE),
          1,
          0
        )
      ) OVER (
        PARTITION BY entity_id
        ORDER BY event_time
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS session
    FROM paused
  )
SELECT
  entity_id,
  session,
  MIN(event_time) AS started_at,
  MAX(event_time) AS ended_at,
  COUNT(*) AS events,
  TIMESTAMP_DIFF(MAX(event_time), MIN(event_time), SECOND) AS seconds
FROM numbered
GROUP BY entity_id, session
ORDER BY entity_id, session
