/*
name: label_stopped
summary: "Labels: did each active entity stop, with no event within some days after a time?"
returns:
  entity_id: {type: entity, doc: The entity.}
  as_of: {type: timestamp, doc: The time that the row speaks of.}
  label: {type: bool, doc: "True: no event in the days after `as_of`."}
tables:
  events: {kind: events, doc: "The log of what may stop, such as visits."}
parameters:
  as_of: {type: array<timestamp>, doc: The times to make labels for.}
  horizon_days: {type: int64, at_least: 1, doc: "How long the silence must be: 24 hours each."}
  active_days: {type: int64, at_least: 1, doc: "An entity is active with an event in so many days up to `as_of`."}
  known_until: {type: timestamp, doc: "Until when events are known; times whose horizon ends later are
    left out."}
note: An event at `as_of` itself breaks no silence, one at the very end of the horizon does.
*/
WITH
  moments AS (
    SELECT DISTINCT as_of, TIMESTAMP_ADD(as_of, INTERVAL @horizon_days DAY) AS ends
    FROM UNNEST(@as_of) AS as_of
    WHERE TIMESTAMP_ADD(as_of, INTERVAL @horizon_days DAY) <= @known_until
  )
SELECT e.entity_id, m.as_of, COUNTIF(e.event_time > m.as_of) = 0 AS label
FROM moments AS m
JOIN events AS e
  ON e.event_time > TIMESTAMP_SUB(m.as_of, INTERVAL @active_days DAY) AND e.event_time <= m.ends
GROUP BY e.entity_id, m.as_of
HAVING COUNTIF(e.event_time <= m.as_of) > 0
ORDER BY e.entity_id, m.as_of
