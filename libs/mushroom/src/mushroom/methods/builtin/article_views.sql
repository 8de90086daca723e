/*
name: article_views
summary: How often each article or other item was viewed, and by how many entities.
returns:
  item: {type: string, doc: The item.}
  views: {type: int64, doc: How many views it had.}
  viewers: {type: int64, doc: How many entities viewed it.}
  first_viewed: {type: timestamp, doc: The first view in that time.}
  last_viewed: {type: timestamp, doc: The last view in that time.}
tables:
  views: {kind: events, categories: [item], doc: "The log of views, with the item viewed."}
parameters:
  since: {type: timestamp, doc: The first moment that counts.}
  until: {type: timestamp, doc: The first moment that no longer counts.}
  min_viewers: {type: int64, at_least: 1, doc: Items with fewer viewers are left out., default: 1}
note: Views without an item are left out. The most viewed come first, then by item.
*/
SELECT
  item,
  COUNT(*) AS views,
  COUNT(DISTINCT entity_id) AS viewers,
  MIN(event_time) AS first_viewed,
  MAX(event_time) AS last_viewed
FROM views
WHERE event_time >= @since AND event_time < @until AND item IS NOT NULL
GROUP BY item
HAVING COUNT(DISTINCT entity_id) >= @min_viewers
ORDER BY views DESC, item
