/*
name: event_log
summary: The events themselves, such as views or clicks, under the catalogue's names.
returns:
  entity_id: {type: entity, doc: The entity.}
  event_time: {type: timestamp, doc: When the event could first be known.}
  "*": {doc: The measures and categories that the catalogue maps.}
tables:
  events: {kind: events, doc: "Any log: views, clicks, purchases."}
parameters:
  since: {type: timestamp, doc: The first moment that counts.}
  until: {type: timestamp, doc: The first moment that no longer counts.}
note: As many rows as the table has in that time; keep the time short, or aggregate instead.
*/
SELECT events.*
FROM events
WHERE event_time >= @since AND event_time < @until
ORDER BY entity_id, event_time, TO_JSON_STRING(events)
