WITH past AS (
  SELECT
    `entity_id`,
    `event_time`,
    `measure__amount`,
    `category__item`
  FROM (
    SELECT
      CAST(`user` AS INT64) AS `entity_id`,
      `loaded_at` AS `event_time`,
      ROUND(CAST(IF(IS_NAN(`amount`) OR IS_INF(`amount`), NULL, `amount`) AS NUMERIC), 2) AS `measure__amount`,
      CAST(`item` AS STRING) AS `category__item`
    FROM events
    WHERE
      NOT `user` IS NULL AND NOT `loaded_at` IS NULL
  ) AS event
  WHERE
    (
      `event_time` <= @fit_until
      AND `entity_id` IN (
        SELECT
          `entity_id`
        FROM fitted
      )
    )
    AND UNIX_MICROS(@fit_until) - UNIX_MICROS(`event_time`) < 7776000000000
), cells AS (
  SELECT
    *
  FROM (
    SELECT
      `entity_id`,
      `item`,
      CAST(ROUND(
        LN(CAST(1 AS FLOAT64) + GREATEST(CAST(`amount` AS FLOAT64), CAST(0 AS FLOAT64))) * 10000
      ) AS INT64) AS `weight`
    FROM (
      SELECT
        `entity_id`,
        `category__item` AS `item`,
        SUM(`measure__amount`) AS `amount`
      FROM past
      WHERE
        NOT `category__item` IS NULL
      GROUP BY
        `entity_id`,
        `category__item`
    ) AS amounts
  ) AS weights
  WHERE
    `weight` > 0
), known AS (
  SELECT
    item,
    COUNT(*) AS entities
  FROM cells
  GROUP BY
    item
), ranked AS (
  SELECT
    item,
    entities,
    ROW_NUMBER() OVER (ORDER BY entities DESC, item) AS place
  FROM known
), kept AS (
  SELECT
    cells.entity_id,
    ranked.place,
    cells.weight
  FROM cells
  JOIN ranked
    ON ranked.item = cells.item
  WHERE
    ranked.place <= @items
), everybody AS (
  SELECT
    COUNT(DISTINCT entity_id) AS everybody
  FROM cells
), together AS (
  SELECT
    one.place,
    other.place AS other,
    SUM(one.weight * other.weight) AS product
  FROM kept AS one
  JOIN kept AS other
    ON other.entity_id = one.entity_id AND other.place >= one.place
  GROUP BY
    one.place,
    other.place
)
SELECT
  together.place,
  together.other,
  CASE WHEN together.place = together.other THEN ranked.item END AS item,
  ranked.entities,
  everybody.everybody,
  together.product
FROM together
JOIN ranked
  ON ranked.place = together.place
CROSS JOIN everybody
ORDER BY
  place,
  other
