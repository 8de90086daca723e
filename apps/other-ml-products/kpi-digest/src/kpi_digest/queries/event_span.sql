/*
summary: When the first and the last event were.
returns:
  first_event: {type: timestamp, doc: The first one; NULL where there is none.}
  last_event: {type: timestamp, doc: The last one.}
tables:
  events: {kind: events, doc: Any log.}
*/
SELECT MIN(event_time) AS first_event, MAX(event_time) AS last_event
FROM events
ORDER BY first_event, last_event
