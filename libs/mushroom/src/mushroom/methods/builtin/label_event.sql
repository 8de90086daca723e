/*
name: label_event
summary: "Labels: did each active entity do something within some days after a time?"
returns:
  entity_id: {type: entity, doc: The entity.}
  as_of: {type: timestamp, doc: The time that the row speaks of.}
  label: {type: bool, doc: Whether there is an event in the days after `as_of`.}
tables:
  population: {kind: events, doc: The log that says who is active.}
  events: {kind: events, doc: "The log of what is predicted, such as purchases."}
parameters:
  as_of: {type: array<timestamp>, doc: The times to make labels for.}
  horizon_days: {type: int64, at_least: 1, doc: "How far the labels look: 24 hours each."}
  active_days: {type: int64, at_least: 1, doc: "An entity is active with an event in so many days up to `as_of`."}
  known_until: {type: timestamp, doc: "Until when events are known; times whose horizon ends later are
    left out."}
note: >
  An event at `as_of` itself is not in the label, one at the very end of the horizon is. Give the case
  file the same horizon.
*/
WITH
  moments AS (
    SELECT DISTINCT as_of, TIMESTAMP_ADD(as_of, INTERVAL @horizon_days DAY) AS ends
    FROM UNNEST(@as_of) AS as_of
    WHERE TIMESTAMP_ADD(as_of, INTERVAL @horizon_days DAY) <= @known_until
  ),
  active AS (
    SELECT DISTINCT p.entity_id, m.as_of, m.ends
    FROM moments AS m
    JOIN population AS p
      ON p.event_time <= m.as_of
      AND p.event_time > TIMESTAMP_SUB(m.as_of, INTERVAL @active_days DAY)
  )
SELECT a.entity_id, a.as_of, COUNT(e.entity_id) > 0 AS label
FROM active AS a
LEFT JOIN events AS e
  ON e.entity_id = a.entity_id AND e.event_time > a.as_of AND e.event_time <= a.ends
GROUP BY a.entity_id, a.as_of
ORDER BY a.entity_id, a.as_of
