-- The features of `event_windows` (30 days, 90 days, all; a measure and a category), as somebody
-- would write them by hand who knows that everybody is described at one time. Sums are of exact
-- decimals, ties go to the smallest value: the answers are the same.
WITH seen AS (
  SELECT
    user_id,
    epoch_us($as_of::TIMESTAMP) - epoch_us(happened_at) AS age,
    happened_at::DATE AS day,
    amount::DECIMAL(18, 2) AS amount,
    item
  FROM read_parquet($events)
  WHERE happened_at <= $as_of::TIMESTAMP
), totals AS (
  SELECT
    user_id,
    min(age) AS youngest,
    max(age) AS oldest,
    count(*) FILTER (age < 2592000000000) AS n30,
    count(*) FILTER (age < 7776000000000) AS n90,
    count(*) AS n,
    sum(amount) FILTER (age < 2592000000000) AS s30,
    sum(amount) FILTER (age < 7776000000000) AS s90,
    sum(amount) AS s,
    sum(amount * amount) FILTER (age < 2592000000000) AS q30,
    sum(amount * amount) FILTER (age < 7776000000000) AS q90,
    sum(amount * amount) AS q,
    min(amount) FILTER (age < 2592000000000) AS min30,
    min(amount) FILTER (age < 7776000000000) AS min90,
    min(amount) AS min,
    max(amount) FILTER (age < 2592000000000) AS max30,
    max(amount) FILTER (age < 7776000000000) AS max90,
    max(amount) AS max
  FROM seen
  GROUP BY user_id
), moments AS (
  SELECT
    user_id,
    count(*) FILTER (age < 2592000000000) AS m30,
    count(*) FILTER (age < 7776000000000) AS m90,
    count(*) AS m,
    max(age) FILTER (age < 2592000000000) AS oldest30,
    max(age) FILTER (age < 7776000000000) AS oldest90
  FROM (SELECT DISTINCT user_id, age FROM seen)
  GROUP BY user_id
), days AS (
  SELECT
    user_id,
    count(*) FILTER (age < 2592000000000) AS d30,
    count(*) FILTER (age < 7776000000000) AS d90,
    count(*) AS d
  FROM (SELECT user_id, day, min(age) AS age FROM seen GROUP BY user_id, day)
  GROUP BY user_id
), items AS (
  SELECT
    user_id,
    count(*) FILTER (n30 > 0) AS i30,
    count(*) FILTER (n90 > 0) AS i90,
    count(*) AS i,
    arg_min(item, {'n': -n30, 'item': item}) FILTER (n30 > 0) AS top30,
    arg_min(item, {'n': -n90, 'item': item}) FILTER (n90 > 0) AS top90,
    arg_min(item, {'n': -n, 'item': item}) AS top
  FROM (
    SELECT
      user_id,
      item,
      count(*) FILTER (age < 2592000000000) AS n30,
      count(*) FILTER (age < 7776000000000) AS n90,
      count(*) AS n
    FROM seen
    GROUP BY user_id, item
  )
  GROUP BY user_id
)
SELECT
  user_id,
  youngest / 86400e6 AS recency,
  oldest / 86400e6 AS first_seen,
  n30, n90, n,
  d30, d90, d,
  (oldest30 - youngest) / 86400e6 / nullif(m30 - 1, 0) AS interval30,
  (oldest90 - youngest) / 86400e6 / nullif(m90 - 1, 0) AS interval90,
  (oldest - youngest) / 86400e6 / nullif(m - 1, 0) AS interval,
  coalesce(s30, 0)::DOUBLE AS sum30, coalesce(s90, 0)::DOUBLE AS sum90, s::DOUBLE AS sum,
  s30::DOUBLE / n30 AS mean30, s90::DOUBLE / n90 AS mean90, s::DOUBLE / n AS mean,
  min30::DOUBLE AS min30, min90::DOUBLE AS min90, min::DOUBLE AS min,
  max30::DOUBLE AS max30, max90::DOUBLE AS max90, max::DOUBLE AS max,
  sqrt((n30 * q30 - s30 * s30)::DOUBLE / nullif(n30 * (n30 - 1), 0)) AS std30,
  sqrt((n90 * q90 - s90 * s90)::DOUBLE / nullif(n90 * (n90 - 1), 0)) AS std90,
  sqrt((n * q - s * s)::DOUBLE / nullif(n * (n - 1), 0)) AS std,
  i30, i90, i, top30, top90, top,
  n30 / nullif(n90, 0) AS ratio30, n90 / n AS ratio90,
  n30 / 30 - n90 / 90 AS difference30, n90 / 90 - n / (oldest / 86400e6) AS difference90,
  coalesce(s30, 0)::DOUBLE / coalesce(s90, 0)::DOUBLE AS sum_ratio30,
  coalesce(s90, 0)::DOUBLE / s::DOUBLE AS sum_ratio90,
  coalesce(s30, 0)::DOUBLE / 30 - coalesce(s90, 0)::DOUBLE / 90 AS sum_difference30,
  coalesce(s90, 0)::DOUBLE / 90 - s::DOUBLE / (oldest / 86400e6) AS sum_difference90
FROM totals JOIN moments USING (user_id) JOIN days USING (user_id) JOIN items USING (user_id)
ORDER BY user_id
