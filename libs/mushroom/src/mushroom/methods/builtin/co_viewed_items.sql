/*
name: co_viewed_items
summary: Pairs of items that the same entities viewed, clicked or bought, the most common first.
returns:
  item: {type: string, doc: The item.}
  other: {type: string, doc: Another item.}
  entities: {type: int64, doc: How many entities had events with both.}
  item_entities: {type: int64, doc: How many had events with `item`.}
  share: {type: float64, doc: "Of those that had events with `item`, those that had with `other` too."}
tables:
  events: {kind: events, categories: [item], doc: "A log with items: views, clicks, purchases."}
parameters:
  since: {type: timestamp, doc: The first moment that counts.}
  until: {type: timestamp, doc: The first moment that no longer counts.}
  min_entities: {type: int64, at_least: 1, doc: Pairs of fewer entities are left out., default: 2}
  max_items: {type: int64, at_least: 1, doc: "Entities with more items are left out: robots make many pairs.",
    default: 200}
  others: {type: int64, at_least: 1, doc: "At most so many others for each item: the most common, then by name.",
    default: 20}
note: >
  Each pair stands in both directions. The work grows with the square of the items of an entity,
  which `max_items` bounds.
*/
WITH
  had AS (
    SELECT DISTINCT entity_id, item
    FROM events
    WHERE event_time >= @since AND event_time < @until AND item IS NOT NULL
  ),
  kept AS (
    SELECT entity_id, item
    FROM had
    WHERE TRUE
    QUALIFY COUNT(*) OVER (PARTITION BY entity_id) <= @max_items
  ),
  of_item AS (
    SELECT item, COUNT(*) AS item_entities FROM kept GROUP BY item
  ),
  pairs AS (
    SELECT a.item, b.item AS other, COUNT(*) AS entities
    FROM kept AS a
    JOIN kept AS b ON b.entity_id = a.entity_id AND b.item != a.item
    GROUP BY a.item, b.item
    HAVING COUNT(*) >= @min_entities
  )
SELECT
  p.item,
  p.other,
  p.entities,
  o.item_entities,
  SAFE_DIVIDE(p.entities, o.item_entities) AS share
FROM pairs AS p
JOIN of_item AS o ON o.item = p.item
WHERE TRUE
QUALIFY ROW_NUMBER() OVER (PARTITION BY p.item ORDER BY p.entities DESC, p.other) <= @others
ORDER BY p.entities DESC, p.item, p.other
