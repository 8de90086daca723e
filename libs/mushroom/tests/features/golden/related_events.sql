WITH described AS (
  SELECT
    ROW_NUMBER() OVER (ORDER BY `entity_id` NULLS LAST, `as_of` NULLS LAST) AS `entity_row`,
    `entity_id`,
    `as_of`,
    UNIX_MICROS(`as_of`) AS `as_of_us`,
    UNIX_MICROS(`data_until`) AS `until_us`
  FROM entities
), link AS (
  SELECT
    `entity_id`,
    UNIX_MICROS(`event_time`) AS `time_us`,
    `item` AS `id`
  FROM (
    SELECT
      CAST(`user` AS INT64) AS `entity_id`,
      `loaded_at` AS `event_time`,
      CAST(`item` AS STRING) AS `item`
    FROM links
    WHERE
      NOT `user` IS NULL AND NOT `loaded_at` IS NULL
  ) AS event
  WHERE
    `entity_id` IN (
      SELECT
        `described`.`entity_id`
      FROM described
    )
    AND NOT `item` IS NULL
), reached AS (
  SELECT
    `entity_row`,
    `as_of_us`,
    `until_us`,
    `entity_id`
  FROM (
    SELECT
      `described`.`entity_row`,
      `described`.`as_of_us`,
      `described`.`until_us`,
      `link`.`id` AS `entity_id`,
      ROW_NUMBER() OVER (
        PARTITION BY `described`.`entity_row`
        ORDER BY `link`.`time_us` DESC, `link`.`id` NULLS LAST
      ) AS `place`
    FROM described
    JOIN link
      ON `link`.`entity_id` = `described`.`entity_id`
      AND `link`.`time_us` <= `described`.`until_us`
  ) AS placed
  WHERE
    `place` = 1
), history AS (
  SELECT
    `entity_id`,
    UNIX_MICROS(`event_time`) AS `time_us`,
    DATE(DATETIME(`event_time`, 'Europe/Berlin')) AS `day`,
    `measure__amount`,
    `is_not_finite`
  FROM (
    SELECT
      CAST(`item` AS STRING) AS `entity_id`,
      `loaded_at` AS `event_time`,
      ROUND(CAST(IF(IS_NAN(`amount`) OR IS_INF(`amount`), NULL, `amount`) AS NUMERIC), 2) AS `measure__amount`,
      IS_NAN(`amount`) OR IS_INF(`amount`) AS `is_not_finite`
    FROM events
    WHERE
      (
        NOT `item` IS NULL AND NOT `loaded_at` IS NULL
      )
      AND CAST(`item` AS STRING) IN (
        SELECT
          `reached`.`entity_id`
        FROM reached
      )
  ) AS event
), seen AS (
  SELECT
    `reached`.`entity_row`,
    `reached`.`as_of_us` - `history`.`time_us` AS `age_us`,
    `history`.`day`,
    `history`.`measure__amount`,
    `history`.`is_not_finite`
  FROM reached
  JOIN history
    ON `history`.`entity_id` = `reached`.`entity_id`
    AND `history`.`time_us` <= `reached`.`until_us`
  WHERE
    `reached`.`as_of_us` - `history`.`time_us` < 2592000000000
), reach AS (
  SELECT
    `entity_row`,
    COUNT(*) AS `ids`
  FROM reached
  GROUP BY
    `entity_row`
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
    MAX(IF(`age_us` < 2592000000000, `measure__amount`, NULL)) AS `amount__max__30d`
  FROM seen
  GROUP BY
    `entity_row`
)
SELECT
  `described`.`entity_id`,
  `described`.`as_of`,
  NOT `reach`.`ids` IS NULL AS `fact:known`,
  COALESCE(`totals`.`is_not_finite`, 0) AS `fact:not_finite`,
  SAFE_DIVIDE(
    CAST(`totals`.`amount__sum__30d` AS FLOAT64),
    CAST(`totals`.`amount__known__30d` AS FLOAT64)
  ) AS `30d.amount.mean`
FROM described
LEFT JOIN reach
  ON `reach`.`entity_row` = `described`.`entity_row`
LEFT JOIN totals
  ON `totals`.`entity_row` = `described`.`entity_row`
ORDER BY
  `described`.`entity_row`
