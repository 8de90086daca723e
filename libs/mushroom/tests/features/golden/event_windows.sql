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
    DATE(DATETIME(`event_time`, 'Europe/Berlin')) AS `day`,
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
    `history`.`day`,
    `history`.`measure__amount`,
    `history`.`category__item`,
    `history`.`is_not_finite`
  FROM described
  JOIN history
    ON `history`.`entity_id` = `described`.`entity_id`
    AND `history`.`time_us` <= `described`.`until_us`
), totals AS (
  SELECT
    `entity_row`,
    MIN(`age_us`) AS `youngest_us`,
    MAX(`age_us`) AS `oldest_us`,
    COUNT(IF(`is_not_finite`, 1, NULL)) AS `is_not_finite`,
    COUNT(IF(`age_us` < 2592000000000, 1, NULL)) AS `events__30d`,
    COUNT(IF(`age_us` < 2592000000000, `measure__amount`, NULL)) AS `amount__known__30d`,
    SUM(IF(`age_us` < 2592000000000, `measure__amount`, NULL)) AS `amount__sum__30d`,
    SUM(IF(`age_us` < 2592000000000, `measure__amount` * `measure__amount`, NULL)) AS `amount__sum_of_squares__30d`,
    MIN(IF(`age_us` < 2592000000000, `measure__amount`, NULL)) AS `amount__min__30d`,
    MAX(IF(`age_us` < 2592000000000, `measure__amount`, NULL)) AS `amount__max__30d`,
    COUNT(*) AS `events__all`,
    COUNT(`measure__amount`) AS `amount__known__all`,
    SUM(`measure__amount`) AS `amount__sum__all`,
    SUM(`measure__amount` * `measure__amount`) AS `amount__sum_of_squares__all`,
    MIN(`measure__amount`) AS `amount__min__all`,
    MAX(`measure__amount`) AS `amount__max__all`
  FROM seen
  GROUP BY
    `entity_row`
), moments AS (
  SELECT
    `entity_row`,
    COUNT(IF(`age_us` < 2592000000000, 1, NULL)) AS `moments__30d`,
    MAX(IF(`age_us` < 2592000000000, `age_us`, NULL)) AS `first_age_us__30d`,
    MIN(IF(`age_us` < 2592000000000, `age_us`, NULL)) AS `last_age_us__30d`,
    COUNT(*) AS `moments__all`,
    MAX(`age_us`) AS `first_age_us__all`,
    MIN(`age_us`) AS `last_age_us__all`
  FROM (
    SELECT DISTINCT
      `entity_row`,
      `age_us`
    FROM seen
  ) AS moment
  GROUP BY
    `entity_row`
), active AS (
  SELECT
    `entity_row`,
    COUNT(IF(`age_us` < 2592000000000, 1, NULL)) AS `active_days__30d`,
    COUNT(*) AS `active_days__all`
  FROM (
    SELECT
      `entity_row`,
      `day`,
      MIN(`age_us`) AS `age_us`
    FROM seen
    GROUP BY
      `entity_row`,
      `day`
  ) AS day
  GROUP BY
    `entity_row`
), values_0 AS (
  SELECT
    `entity_row`,
    `category__item` AS `value`,
    COUNT(IF(`age_us` < 2592000000000, 1, NULL)) AS `events__30d`,
    COUNT(*) AS `events__all`
  FROM seen
  WHERE
    NOT `category__item` IS NULL
  GROUP BY
    `entity_row`,
    `category__item`
), most_0 AS (
  SELECT
    `entity_row`,
    MAX(`events__30d`) AS `most__30d`,
    MAX(`events__all`) AS `most__all`
  FROM values_0
  GROUP BY
    `entity_row`
), category_0 AS (
  SELECT
    `values_0`.`entity_row`,
    COUNT(IF(`values_0`.`events__30d` > 0, 1, NULL)) AS `distinct__30d`,
    COUNT(IF(`values_0`.`events__all` > 0, 1, NULL)) AS `distinct__all`,
    MIN(
      IF(
        `values_0`.`events__30d` = `most_0`.`most__30d` AND `values_0`.`events__30d` > 0,
        `values_0`.`value`,
        NULL
      )
    ) AS `top__30d`,
    MIN(
      IF(
        `values_0`.`events__all` = `most_0`.`most__all` AND `values_0`.`events__all` > 0,
        `values_0`.`value`,
        NULL
      )
    ) AS `top__all`
  FROM values_0
  JOIN most_0
    ON `most_0`.`entity_row` = `values_0`.`entity_row`
  GROUP BY
    `values_0`.`entity_row`
)
SELECT
  `described`.`entity_id`,
  `described`.`as_of`,
  NOT `totals`.`youngest_us` IS NULL AS `fact:known`,
  COALESCE(`totals`.`is_not_finite`, 0) AS `fact:not_finite`,
  SAFE_DIVIDE(CAST(`totals`.`youngest_us` AS FLOAT64), CAST(86400000000 AS FLOAT64)) AS `recency`,
  SAFE_DIVIDE(CAST(`totals`.`oldest_us` AS FLOAT64), CAST(86400000000 AS FLOAT64)) AS `first_seen`,
  COALESCE(`totals`.`events__30d`, 0) AS `30d.count`,
  COALESCE(`active`.`active_days__30d`, 0) AS `30d.active_days`,
  SAFE_DIVIDE(
    SAFE_DIVIDE(
      CAST(`moments`.`first_age_us__30d` - `moments`.`last_age_us__30d` AS FLOAT64),
      CAST(86400000000 AS FLOAT64)
    ),
    CAST(`moments`.`moments__30d` - 1 AS FLOAT64)
  ) AS `30d.interval`,
  CAST(COALESCE(`totals`.`amount__sum__30d`, 0) AS FLOAT64) AS `30d.amount.sum`,
  SAFE_DIVIDE(
    CAST(`totals`.`amount__sum__30d` AS FLOAT64),
    CAST(`totals`.`amount__known__30d` AS FLOAT64)
  ) AS `30d.amount.mean`,
  CAST(`totals`.`amount__min__30d` AS FLOAT64) AS `30d.amount.min`,
  CAST(`totals`.`amount__max__30d` AS FLOAT64) AS `30d.amount.max`,
  SQRT(
    SAFE_DIVIDE(
      CAST(`totals`.`amount__known__30d` * `totals`.`amount__sum_of_squares__30d` - `totals`.`amount__sum__30d` * `totals`.`amount__sum__30d` AS FLOAT64),
      CAST(`totals`.`amount__known__30d` * (
        `totals`.`amount__known__30d` - 1
      ) AS FLOAT64)
    )
  ) AS `30d.amount.std`,
  COALESCE(`category_0`.`distinct__30d`, 0) AS `30d.item.distinct`,
  `category_0`.`top__30d` AS `30d.item.top`,
  COALESCE(`totals`.`events__all`, 0) AS `all.count`,
  COALESCE(`active`.`active_days__all`, 0) AS `all.active_days`,
  SAFE_DIVIDE(
    SAFE_DIVIDE(
      CAST(`moments`.`first_age_us__all` - `moments`.`last_age_us__all` AS FLOAT64),
      CAST(86400000000 AS FLOAT64)
    ),
    CAST(`moments`.`moments__all` - 1 AS FLOAT64)
  ) AS `all.interval`,
  CAST(COALESCE(`totals`.`amount__sum__all`, 0) AS FLOAT64) AS `all.amount.sum`,
  SAFE_DIVIDE(
    CAST(`totals`.`amount__sum__all` AS FLOAT64),
    CAST(`totals`.`amount__known__all` AS FLOAT64)
  ) AS `all.amount.mean`,
  CAST(`totals`.`amount__min__all` AS FLOAT64) AS `all.amount.min`,
  CAST(`totals`.`amount__max__all` AS FLOAT64) AS `all.amount.max`,
  SQRT(
    SAFE_DIVIDE(
      CAST(`totals`.`amount__known__all` * `totals`.`amount__sum_of_squares__all` - `totals`.`amount__sum__all` * `totals`.`amount__sum__all` AS FLOAT64),
      CAST(`totals`.`amount__known__all` * (
        `totals`.`amount__known__all` - 1
      ) AS FLOAT64)
    )
  ) AS `all.amount.std`,
  COALESCE(`category_0`.`distinct__all`, 0) AS `all.item.distinct`,
  `category_0`.`top__all` AS `all.item.top`,
  SAFE_DIVIDE(
    CAST(COALESCE(`totals`.`events__30d`, 0) AS FLOAT64),
    CAST(COALESCE(`totals`.`events__all`, 0) AS FLOAT64)
  ) AS `30d_of_all.count.ratio`,
  SAFE_DIVIDE(
    CAST(COALESCE(`totals`.`events__30d`, 0) AS FLOAT64),
    SAFE_DIVIDE(CAST(2592000000000 AS FLOAT64), CAST(86400000000 AS FLOAT64))
  ) - SAFE_DIVIDE(
    CAST(COALESCE(`totals`.`events__all`, 0) AS FLOAT64),
    SAFE_DIVIDE(CAST(`totals`.`oldest_us` AS FLOAT64), CAST(86400000000 AS FLOAT64))
  ) AS `30d_of_all.count.difference`,
  SAFE_DIVIDE(
    CAST(COALESCE(`totals`.`amount__sum__30d`, 0) AS FLOAT64),
    CAST(COALESCE(`totals`.`amount__sum__all`, 0) AS FLOAT64)
  ) AS `30d_of_all.amount.sum.ratio`,
  SAFE_DIVIDE(
    CAST(COALESCE(`totals`.`amount__sum__30d`, 0) AS FLOAT64),
    SAFE_DIVIDE(CAST(2592000000000 AS FLOAT64), CAST(86400000000 AS FLOAT64))
  ) - SAFE_DIVIDE(
    CAST(COALESCE(`totals`.`amount__sum__all`, 0) AS FLOAT64),
    SAFE_DIVIDE(CAST(`totals`.`oldest_us` AS FLOAT64), CAST(86400000000 AS FLOAT64))
  ) AS `30d_of_all.amount.sum.difference`
FROM described
LEFT JOIN totals
  ON `totals`.`entity_row` = `described`.`entity_row`
LEFT JOIN moments
  ON `moments`.`entity_row` = `described`.`entity_row`
LEFT JOIN active
  ON `active`.`entity_row` = `described`.`entity_row`
LEFT JOIN category_0
  ON `category_0`.`entity_row` = `described`.`entity_row`
ORDER BY
  `described`.`entity_row`
