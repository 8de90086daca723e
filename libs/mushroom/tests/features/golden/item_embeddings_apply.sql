WITH described AS (
  SELECT
    ROW_NUMBER() OVER (ORDER BY `entity_id` NULLS LAST, `as_of` NULLS LAST) AS `entity_row`,
    `entity_id`,
    `as_of`,
    UNIX_MICROS(`as_of`) AS `as_of_us`,
    UNIX_MICROS(`data_until`) AS `until_us`
  FROM entities
), history AS (
  SELECT
    `entity_id`,
    UNIX_MICROS(`event_time`) AS `time_us`,
    `measure__amount`,
    `category__item`,
    `is_not_finite`
  FROM (
    SELECT
      CAST(`user` AS INT64) AS `entity_id`,
      `loaded_at` AS `event_time`,
      ROUND(CAST(IF(IS_NAN(`amount`) OR IS_INF(`amount`), NULL, `amount`) AS NUMERIC), 2) AS `measure__amount`,
      CAST(`item` AS STRING) AS `category__item`,
      IS_NAN(`amount`) OR IS_INF(`amount`) AS `is_not_finite`
    FROM events
    WHERE
      (
        NOT `user` IS NULL AND NOT `loaded_at` IS NULL
      )
      AND CAST(`user` AS INT64) IN (
        SELECT
          `described`.`entity_id`
        FROM described
      )
  ) AS event
), seen AS (
  SELECT
    `described`.`entity_row`,
    `described`.`as_of_us` - `history`.`time_us` AS `age_us`,
    `history`.`measure__amount`,
    `history`.`category__item`,
    `history`.`is_not_finite`
  FROM described
  JOIN history
    ON `history`.`entity_id` = `described`.`entity_id`
    AND `history`.`time_us` <= `described`.`until_us`
  WHERE
    `described`.`as_of_us` - `history`.`time_us` < 7776000000000
), facts AS (
  SELECT
    `entity_row`,
    COUNT(*) AS `events`,
    COUNT(IF(`is_not_finite`, 1, NULL)) AS `odd`
  FROM seen
  GROUP BY
    `entity_row`
), cells AS (
  SELECT
    *
  FROM (
    SELECT
      `entity_row`,
      `item`,
      CAST(ROUND(
        LN(CAST(1 AS FLOAT64) + GREATEST(CAST(`amount` AS FLOAT64), CAST(0 AS FLOAT64))) * 10000
      ) AS INT64) AS `weight`
    FROM (
      SELECT
        `entity_row`,
        `category__item` AS `item`,
        SUM(`measure__amount`) AS `amount`
      FROM seen
      WHERE
        NOT `category__item` IS NULL
      GROUP BY
        `entity_row`,
        `category__item`
    ) AS amounts
  ) AS weights
  WHERE
    `weight` > 0
), projected AS (
  SELECT
    `cells`.`entity_row`,
    SUM(`cells`.`weight` * `items`.`d0`) AS `d0`,
    SUM(`cells`.`weight` * `items`.`d1`) AS `d1`
  FROM cells
  JOIN items
    ON `items`.`item` = `cells`.`item`
  GROUP BY
    `cells`.`entity_row`
)
SELECT
  `described`.`entity_id`,
  `described`.`as_of`,
  NOT `facts`.`events` IS NULL AS `fact:known`,
  COALESCE(`facts`.`odd`, 0) AS `fact:not_finite`,
  SAFE_DIVIDE(CAST(COALESCE(`projected`.`d0`, 0) AS FLOAT64), CAST(10000000000 AS FLOAT64)) AS `d0`,
  SAFE_DIVIDE(CAST(COALESCE(`projected`.`d1`, 0) AS FLOAT64), CAST(10000000000 AS FLOAT64)) AS `d1`
FROM described
LEFT JOIN facts
  ON `facts`.`entity_row` = `described`.`entity_row`
LEFT JOIN projected
  ON `projected`.`entity_row` = `described`.`entity_row`
ORDER BY
  `described`.`entity_row`
