/*
name: funnel
summary: How many entities took each step of up to five, in order and within a window of time.
returns:
  step: {type: int64, doc: "1 for the first step, and so on."}
  action: {type: string, doc: The action that takes it.}
  entities: {type: int64, doc: Entities that took this step and all before it.}
  share: {type: float64, doc: "Of those that took the first step; NULL if nobody did."}
tables:
  events: {kind: events, categories: [action], doc: "A log of several kinds of action."}
parameters:
  steps: {type: array<string>, doc: "Two to five values of `action`, in order; the rest is ignored."}
  since: {type: timestamp, doc: The first moment that counts.}
  until: {type: timestamp, doc: The first moment that no longer counts.}
  window_hours: {type: int64, at_least: 0, doc: "From the first step to the last, at most.", default: 24}
note: >
  Any first step may begin the way; an entity counts with the one that led furthest. A step counts
  strictly after the one before it, since nobody knows the order of events of one moment; an event at
  the very end of the window counts. Other actions in between do no harm. The work grows with the
  number of first steps times the events of an entity.
*/
WITH
  acted AS (
    SELECT entity_id, event_time, action
    FROM events
    WHERE event_time >= @since AND event_time < @until AND action IN UNNEST(@steps)
  ),
  first AS (
    SELECT DISTINCT
      entity_id,
      event_time AS reached,
      TIMESTAMP_ADD(event_time, INTERVAL @window_hours HOUR) AS ends
    FROM acted
    WHERE action = @steps[SAFE_OFFSET(0)]
  ),
  second AS (
    SELECT w.entity_id, w.ends, w.reached AS began, MIN(e.event_time) AS reached
    FROM first AS w
    JOIN acted AS e
      ON e.entity_id = w.entity_id AND e.event_time > w.reached AND e.event_time <= w.ends
    WHERE e.action = @steps[SAFE_OFFSET(1)]
    GROUP BY w.entity_id, w.ends, w.reached
  ),
  third AS (
    SELECT w.entity_id, w.ends, w.began, MIN(e.event_time) AS reached
    FROM second AS w
    JOIN acted AS e
      ON e.entity_id = w.entity_id AND e.event_time > w.reached AND e.event_time <= w.ends
    WHERE e.action = @steps[SAFE_OFFSET(2)]
    GROUP BY w.entity_id, w.ends, w.began
  ),
  fourth AS (
    SELECT w.entity_id, w.ends, w.began, MIN(e.event_time) AS reached
    FROM third AS w
    JOIN acted AS e
      ON e.entity_id = w.entity_id AND e.event_time > w.reached AND e.event_time <= w.ends
    WHERE e.action = @steps[SAFE_OFFSET(3)]
    GROUP BY w.entity_id, w.ends, w.began
  ),
  fifth AS (
    SELECT w.entity_id, w.ends, w.began, MIN(e.event_time) AS reached
    FROM fourth AS w
    JOIN acted AS e
      ON e.entity_id = w.entity_id AND e.event_time > w.reached AND e.event_time <= w.ends
    WHERE e.action = @steps[SAFE_OFFSET(4)]
    GROUP BY w.entity_id, w.ends, w.began
  ),
  taken AS (
    SELECT 1 AS step, entity_id FROM first
    UNION ALL
    SELECT 2 AS step, entity_id FROM second
    UNION ALL
    SELECT 3 AS step, entity_id FROM third
    UNION ALL
    SELECT 4 AS step, entity_id FROM fourth
    UNION ALL
    SELECT 5 AS step, entity_id FROM fifth
  ),
  counted AS (
    SELECT s.step, @steps[ORDINAL(s.step)] AS action, COUNT(DISTINCT t.entity_id) AS entities
    FROM (SELECT step FROM UNNEST(GENERATE_ARRAY(1, LEAST(5, ARRAY_LENGTH(@steps)))) AS step) AS s
    LEFT JOIN taken AS t ON t.step = s.step
    GROUP BY s.step
  )
SELECT
  step,
  action,
  entities,
  SAFE_DIVIDE(entities, MAX(entities) OVER (ORDER BY step)) AS share
FROM counted
ORDER BY step
