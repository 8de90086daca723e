/*
name: entity_items
summary: Which items each entity viewed, clicked or bought, how often, and when.
returns:
  entity_id: {type: entity, doc: The entity.}
  item: {type: string, doc: The item.}
  events: {type: int64, doc: How many events the entity has with it.}
  first_time: {type: timestamp, doc: The first of them.}
  last_time: {type: timestamp, doc: The last of them.}
tables:
  events: {kind: events, categories: [item], doc: "A log with items: views, clicks, purchases."}
parameters:
  since: {type: timestamp, doc: The first moment that counts.}
  until: {type: timestamp, doc: The first moment that no longer counts.}
note: Events without an item are left out.
*/
SELECT
  entity_id,
  item,
  COUNT(*) AS events,
  MIN(event_time) AS first_time,
  MAX(event_time) AS last_time
FROM events
WHERE event_time >= @since AND event_time < @until AND item IS NOT NULL
GROUP BY entity_id, item
ORDER BY entity_id, item
