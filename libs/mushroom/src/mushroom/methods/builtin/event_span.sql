/*
name: event_span
summary: When the first and the last event of a log were.
returns:
  first_event: {type: timestamp, doc: The first one; NULL where there is none.}
  last_event: {type: timestamp, doc: The last one; NULL where there is none.}
tables:
  events: {kind: events, doc: Any log.}
note: Always one row. Events without a time are left out.
*/
SELECT MIN(event_time) AS first_event, MAX(event_time) AS last_event
FROM events
ORDER BY first_event, last_event
