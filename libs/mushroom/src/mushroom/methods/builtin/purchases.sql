/*
name: purchases
summary: What each entity bought in all, when it first and last did, and for how much.
returns:
  entity_id: {type: entity, doc: The entity.}
  purchases: {type: int64, doc: How many purchases it made.}
  amount: {type: numeric, doc: The sum of their amounts; purchases without one add nothing.}
  first_purchase: {type: timestamp, doc: When the first was.}
  last_purchase: {type: timestamp, doc: When the last was.}
tables:
  purchases: {kind: events, measures: [amount], doc: "The log of purchases, with their amounts."}
parameters:
  since: {type: timestamp, doc: The first moment that counts.}
  until: {type: timestamp, doc: The first moment that no longer counts.}
note: >
  Where one log holds purchases among other things, give the catalogue a table over it whose `where`
  keeps the purchases.
*/
SELECT
  entity_id,
  COUNT(*) AS purchases,
  COALESCE(SUM(amount), 0) AS amount,
  MIN(event_time) AS first_purchase,
  MAX(event_time) AS last_purchase
FROM purchases
WHERE event_time >= @since AND event_time < @until
GROUP BY entity_id
ORDER BY entity_id
