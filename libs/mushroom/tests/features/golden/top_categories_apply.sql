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
), placed_0 AS (
  SELECT
    `seen`.*,
    `vocabulary`.`place`
  FROM seen
  LEFT JOIN vocabulary
    ON `vocabulary`.`category` = 'item'
    AND `vocabulary`.`value` = `seen`.`category__item`
  WHERE
    NOT `seen`.`category__item` IS NULL
), category_0 AS (
  SELECT
    `entity_row`,
    COUNT(IF(`age_us` < 2592000000000, 1, NULL)) AS `all__30d`,
    COUNT(*) AS `all__all`,
    COUNT(IF(`age_us` < 2592000000000 AND `place` = 1, 1, NULL)) AS `events__1__30d`,
    SUM(IF(`age_us` < 2592000000000 AND `place` = 1, `measure__amount`, NULL)) AS `sum__amount__1__30d`,
    COUNT(IF(`age_us` < 2592000000000 AND `place` = 2, 1, NULL)) AS `events__2__30d`,
    SUM(IF(`age_us` < 2592000000000 AND `place` = 2, `measure__amount`, NULL)) AS `sum__amount__2__30d`,
    COUNT(IF(`age_us` < 2592000000000 AND `place` IS NULL, 1, NULL)) AS `events__other__30d`,
    SUM(IF(`age_us` < 2592000000000 AND `place` IS NULL, `measure__amount`, NULL)) AS `sum__amount__other__30d`,
    COUNT(IF(`place` = 1, 1, NULL)) AS `events__1__all`,
    SUM(IF(`place` = 1, `measure__amount`, NULL)) AS `sum__amount__1__all`,
    COUNT(IF(`place` = 2, 1, NULL)) AS `events__2__all`,
    SUM(IF(`place` = 2, `measure__amount`, NULL)) AS `sum__amount__2__all`,
    COUNT(IF(`place` IS NULL, 1, NULL)) AS `events__other__all`,
    SUM(IF(`place` IS NULL, `measure__amount`, NULL)) AS `sum__amount__other__all`
  FROM placed_0
  GROUP BY
    `entity_row`
)
SELECT
  `described`.`entity_id`,
  `described`.`as_of`,
  NOT `facts`.`events` IS NULL AS `fact:known`,
  COALESCE(`facts`.`odd`, 0) AS `fact:not_finite`,
  COALESCE(`category_0`.`events__1__30d`, 0) AS `30d.item.1.count`,
  SAFE_DIVIDE(
    CAST(COALESCE(`category_0`.`events__1__30d`, 0) AS FLOAT64),
    CAST(`category_0`.`all__30d` AS FLOAT64)
  ) AS `30d.item.1.share`,
  CAST(COALESCE(`category_0`.`sum__amount__1__30d`, 0) AS FLOAT64) AS `30d.item.1.amount.sum`,
  COALESCE(`category_0`.`events__2__30d`, 0) AS `30d.item.2.count`,
  SAFE_DIVIDE(
    CAST(COALESCE(`category_0`.`events__2__30d`, 0) AS FLOAT64),
    CAST(`category_0`.`all__30d` AS FLOAT64)
  ) AS `30d.item.2.share`,
  CAST(COALESCE(`category_0`.`sum__amount__2__30d`, 0) AS FLOAT64) AS `30d.item.2.amount.sum`,
  COALESCE(`category_0`.`events__other__30d`, 0) AS `30d.item.other.count`,
  SAFE_DIVIDE(
    CAST(COALESCE(`category_0`.`events__other__30d`, 0) AS FLOAT64),
    CAST(`category_0`.`all__30d` AS FLOAT64)
  ) AS `30d.item.other.share`,
  CAST(COALESCE(`category_0`.`sum__amount__other__30d`, 0) AS FLOAT64) AS `30d.item.other.amount.sum`,
  COALESCE(`category_0`.`events__1__all`, 0) AS `all.item.1.count`,
  SAFE_DIVIDE(
    CAST(COALESCE(`category_0`.`events__1__all`, 0) AS FLOAT64),
    CAST(`category_0`.`all__all` AS FLOAT64)
  ) AS `all.item.1.share`,
  CAST(COALESCE(`category_0`.`sum__amount__1__all`, 0) AS FLOAT64) AS `all.item.1.amount.sum`,
  COALESCE(`category_0`.`events__2__all`, 0) AS `all.item.2.count`,
  SAFE_DIVIDE(
    CAST(COALESCE(`category_0`.`events__2__all`, 0) AS FLOAT64),
    CAST(`category_0`.`all__all` AS FLOAT64)
  ) AS `all.item.2.share`,
  CAST(COALESCE(`category_0`.`sum__amount__2__all`, 0) AS FLOAT64) AS `all.item.2.amount.sum`,
  COALESCE(`category_0`.`events__other__all`, 0) AS `all.item.other.count`,
  SAFE_DIVIDE(
    CAST(COALESCE(`category_0`.`events__other__all`, 0) AS FLOAT64),
    CAST(`category_0`.`all__all` AS FLOAT64)
  ) AS `all.item.other.share`,
  CAST(COALESCE(`category_0`.`sum__amount__other__all`, 0) AS FLOAT64) AS `all.item.other.amount.sum`
FROM described
LEFT JOIN facts
  ON `facts`.`entity_row` = `described`.`entity_row`
LEFT JOIN category_0
  ON `category_0`.`entity_row` = `described`.`entity_row`
ORDER BY
  `described`.`entity_row`
