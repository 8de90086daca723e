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
    DATE(DATETIME(`event_time`, 'Europe/Berlin')) AS `day`
  FROM (
    SELECT
      CAST(`user` AS INT64) AS `entity_id`,
      `loaded_at` AS `event_time`
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
    `history`.`day`
  FROM described
  JOIN history
    ON `history`.`entity_id` = `described`.`entity_id`
    AND `history`.`time_us` <= `described`.`until_us`
  WHERE
    `described`.`as_of_us` - `history`.`time_us` < 604800000000
), totals AS (
  SELECT
    `entity_row`,
    MIN(`age_us`) AS `youngest_us`,
    MAX(`age_us`) AS `oldest_us`,
    COUNT(IF(`age_us` < 604800000000, 1, NULL)) AS `events__7d`
  FROM seen
  GROUP BY
    `entity_row`
)
SELECT
  `described`.`entity_id`,
  `described`.`as_of`,
  NOT `totals`.`youngest_us` IS NULL AS `fact:known`,
  0 AS `fact:not_finite`,
  SAFE_DIVIDE(CAST(`totals`.`youngest_us` AS FLOAT64), CAST(86400000000 AS FLOAT64)) AS `recency`,
  COALESCE(`totals`.`events__7d`, 0) AS `7d.count`
FROM described
LEFT JOIN totals
  ON `totals`.`entity_row` = `described`.`entity_row`
ORDER BY
  `described`.`entity_row`
