WITH attribute AS (
  SELECT
    CAST(`user` AS INT64) AS `entity_id`,
    `since` AS `valid_from`,
    `age` AS `attribute__age`,
    `plan` AS `attribute__plan`,
    UNIX_MICROS(`signed_up`) AS `attribute__signed_up`
  FROM attributes
  WHERE
    NOT `user` IS NULL AND NOT `since` IS NULL
), candidate AS (
  SELECT
    `entities`.`entity_id`,
    `entities`.`as_of`,
    `attribute`.`entity_id` AS `found`,
    `attribute`.`attribute__age`,
    `attribute`.`attribute__plan`,
    `attribute`.`attribute__signed_up`,
    ROW_NUMBER() OVER (
      PARTITION BY `entities`.`entity_id`, `entities`.`as_of`
      ORDER BY `attribute`.`valid_from` DESC, `attribute`.`attribute__age` NULLS LAST, `attribute`.`attribute__plan` NULLS LAST, `attribute`.`attribute__signed_up` NULLS LAST
    ) AS `place`
  FROM entities
  LEFT JOIN attribute
    ON `attribute`.`entity_id` = `entities`.`entity_id`
    AND UNIX_MICROS(`attribute`.`valid_from`) <= UNIX_MICROS(`entities`.`data_until`)
)
SELECT
  `entity_id`,
  `as_of`,
  NOT `found` IS NULL AS `fact:known`,
  0 AS `fact:not_finite`,
  `attribute__age` AS `age`,
  `attribute__plan` AS `plan`,
  SAFE_DIVIDE(
    CAST(UNIX_MICROS(`as_of`) - `attribute__signed_up` AS FLOAT64),
    CAST(86400000000 AS FLOAT64)
  ) AS `signed_up`
FROM candidate
WHERE
  `place` = 1
ORDER BY
  `entity_id`,
  `as_of`
