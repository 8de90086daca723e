/*
name: clicks
summary: How often each item was shown and clicked, and the share of showings that were clicked.
returns:
  item: {type: string, doc: The item.}
  shown: {type: int64, doc: How often it was shown.}
  clicks: {type: int64, doc: How often it was clicked.}
  clickers: {type: int64, doc: How many entities clicked it.}
  click_rate: {type: float64, doc: Clicks by showings; NULL for an item that was never shown.}
tables:
  impressions: {kind: events, categories: [item], doc: "The log of what was shown, with the item."}
  clicks: {kind: events, categories: [item], doc: "The log of clicks, with the item clicked."}
parameters:
  since: {type: timestamp, doc: The first moment that counts.}
  until: {type: timestamp, doc: The first moment that no longer counts.}
note: >
  A click is not matched with the showing before it: a click just after `since` counts though its
  showing does not. The most clicked come first, then by item.
*/
WITH happened AS (
  SELECT item, entity_id, 1 AS is_shown, 0 AS is_clicked
  FROM impressions
  WHERE event_time >= @since AND event_time < @until
  UNION ALL
  SELECT item, entity_id, 0 AS is_shown, 1 AS is_clicked
  FROM clicks
  WHERE event_time >= @since AND event_time < @until
)
SELECT
  item,
  SUM(is_shown) AS shown,
  SUM(is_clicked) AS clicks,
  COUNT(DISTINCT IF(is_clicked = 1, entity_id, NULL)) AS clickers,
  SAFE_DIVIDE(SUM(is_clicked), SUM(is_shown)) AS click_rate
FROM happened
WHERE item IS NOT NULL
GROUP BY item
ORDER BY clicks DESC, item
