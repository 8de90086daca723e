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
), facts AS (
  SELECT
    `entity_row`,
    COUNT(*) AS `events`,
    COUNT(IF(`is_not_finite`, 1, NULL)) AS `odd`
  FROM seen
  GROUP BY
    `entity_row`
), recent AS (
  SELECT
    *
  FROM (
    SELECT
      *,
      ROW_NUMBER() OVER (
        PARTITION BY `entity_row`
        ORDER BY `age_us` NULLS LAST, `category__item` NULLS LAST, `measure__amount` NULLS LAST
      ) AS `place`
    FROM seen
  ) AS ranked
  WHERE
    `place` <= 20
)
SELECT
  `described`.`entity_id`,
  `described`.`as_of`,
  NOT `facts`.`events` IS NULL AS `fact:known`,
  COALESCE(`facts`.`odd`, 0) AS `fact:not_finite`,
  `recent`.`place` AS `place`,
  `recent`.`age_us` AS `age_us`,
  COALESCE(`vocabulary_0`.`place` + 1, IF(NOT `recent`.`category__item` IS NULL, 1, 0)) AS `code__item`,
  CAST(`recent`.`measure__amount` AS FLOAT64) AS `measure__amount`
FROM described
LEFT JOIN facts
  ON `facts`.`entity_row` = `described`.`entity_row`
LEFT JOIN recent
  ON `recent`.`entity_row` = `described`.`entity_row`
LEFT JOIN vocabulary AS vocabulary_0
  ON `vocabulary_0`.`category` = 'item'
  AND `vocabulary_0`.`value` = `recent`.`category__item`
ORDER BY
  `described`.`entity_row`,
  `recent`.`place` DESC
