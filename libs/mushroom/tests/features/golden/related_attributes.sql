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
    `measure__age`,
    `category__plan`
  FROM (
    SELECT
      `link`.`entity_id`,
      `link`.`event_time`,
      `version`.`measure__age`,
      `version`.`category__plan`
    FROM (
      SELECT
        CAST(`user` AS INT64) AS `entity_id`,
        `loaded_at` AS `event_time`,
        CAST(`user` AS INT64) AS `owner`
      FROM links
      WHERE
        NOT `user` IS NULL AND NOT `loaded_at` IS NULL
    ) AS link
    LEFT JOIN (
      SELECT
        `entity_id` AS `id`,
        `measure__age`,
        `category__plan`,
        `valid_from`,
        LEAD(`valid_from`) OVER (PARTITION BY `entity_id` ORDER BY `valid_from` NULLS LAST) AS `valid_until`
      FROM (
        SELECT
          *,
          ROW_NUMBER() OVER (
            PARTITION BY `entity_id`, `valid_from`
            ORDER BY `measure__age` NULLS LAST, `category__plan` NULLS LAST
          ) AS `place`
        FROM (
          SELECT
            CAST(`user` AS INT64) AS `entity_id`,
            `since` AS `valid_from`,
            ROUND(CAST(`age` AS NUMERIC), 4) AS `measure__age`,
            CAST(`plan` AS STRING) AS `category__plan`
          FROM attributes
          WHERE
            NOT `user` IS NULL AND NOT `since` IS NULL
        ) AS row
      ) AS placed
      WHERE
        `place` = 1
    ) AS version
      ON `version`.`id` = `link`.`owner`
      AND `version`.`valid_from` <= `link`.`event_time`
      AND (
        `version`.`valid_until` IS NULL OR `link`.`event_time` < `version`.`valid_until`
      )
    WHERE
      `link`.`entity_id` IN (
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
    `history`.`measure__age`,
    `history`.`category__plan`
  FROM described
  JOIN history
    ON `history`.`entity_id` = `described`.`entity_id`
    AND `history`.`time_us` <= `described`.`until_us`
  WHERE
    `described`.`as_of_us` - `history`.`time_us` < 2592000000000
), totals AS (
  SELECT
    `entity_row`,
    MIN(`age_us`) AS `youngest_us`,
    MAX(`age_us`) AS `oldest_us`,
    COUNT(IF(`age_us` < 2592000000000, 1, NULL)) AS `events__30d`,
    COUNT(IF(`age_us` < 2592000000000, `measure__age`, NULL)) AS `age__known__30d`,
    SUM(IF(`age_us` < 2592000000000, `measure__age`, NULL)) AS `age__sum__30d`,
    SUM(IF(`age_us` < 2592000000000, `measure__age` * `measure__age`, NULL)) AS `age__sum_of_squares__30d`,
    MIN(IF(`age_us` < 2592000000000, `measure__age`, NULL)) AS `age__min__30d`,
    MAX(IF(`age_us` < 2592000000000, `measure__age`, NULL)) AS `age__max__30d`
  FROM seen
  GROUP BY
    `entity_row`
), values_0 AS (
  SELECT
    `entity_row`,
    `category__plan` AS `value`,
    COUNT(IF(`age_us` < 2592000000000, 1, NULL)) AS `events__30d`
  FROM seen
  WHERE
    NOT `category__plan` IS NULL
  GROUP BY
    `entity_row`,
    `category__plan`
), most_0 AS (
  SELECT
    `entity_row`,
    MAX(`events__30d`) AS `most__30d`
  FROM values_0
  GROUP BY
    `entity_row`
), category_0 AS (
  SELECT
    `values_0`.`entity_row`,
    COUNT(IF(`values_0`.`events__30d` > 0, 1, NULL)) AS `distinct__30d`,
    MIN(
      IF(
        `values_0`.`events__30d` = `most_0`.`most__30d` AND `values_0`.`events__30d` > 0,
        `values_0`.`value`,
        NULL
      )
    ) AS `top__30d`,
    SUM(`values_0`.`events__30d`) AS `known__30d`,
    MAX(`values_0`.`events__30d`) AS `most__30d`
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
  0 AS `fact:not_finite`,
  SAFE_DIVIDE(CAST(`totals`.`youngest_us` AS FLOAT64), CAST(86400000000 AS FLOAT64)) AS `recency`,
  COALESCE(`totals`.`events__30d`, 0) AS `30d.count`,
  SAFE_DIVIDE(
    CAST(`totals`.`age__sum__30d` AS FLOAT64),
    CAST(`totals`.`age__known__30d` AS FLOAT64)
  ) AS `30d.age.mean`,
  CAST(`totals`.`age__min__30d` AS FLOAT64) AS `30d.age.min`,
  CAST(`totals`.`age__max__30d` AS FLOAT64) AS `30d.age.max`,
  SQRT(
    SAFE_DIVIDE(
      CAST(`totals`.`age__known__30d` * `totals`.`age__sum_of_squares__30d` - `totals`.`age__sum__30d` * `totals`.`age__sum__30d` AS FLOAT64),
      CAST(`totals`.`age__known__30d` * (
        `totals`.`age__known__30d` - 1
      ) AS FLOAT64)
    )
  ) AS `30d.age.std`,
  COALESCE(`category_0`.`distinct__30d`, 0) AS `30d.plan.distinct`,
  `category_0`.`top__30d` AS `30d.plan.top`,
  SAFE_DIVIDE(
    CAST(`category_0`.`most__30d` AS FLOAT64),
    CAST(`category_0`.`known__30d` AS FLOAT64)
  ) AS `30d.plan.top_share`
FROM described
LEFT JOIN totals
  ON `totals`.`entity_row` = `described`.`entity_row`
LEFT JOIN category_0
  ON `category_0`.`entity_row` = `described`.`entity_row`
ORDER BY
  `described`.`entity_row`
