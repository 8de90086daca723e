WITH attribute AS (
  SELECT
    CAST(`user` AS INT64) AS `entity_id`,
    UNIX_MICROS(`since`) AS `since`,
    `age` AS `value_0`,
    `plan` AS `value_1`,
    UNIX_MICROS(`signed_up`) AS `value_2`
  FROM attributes
  WHERE
    NOT `user` IS NULL AND NOT `since` IS NULL
), version AS (
  SELECT
    entity_id,
    since,
    COUNT(*) AS alike
  FROM attribute
  GROUP BY
    entity_id,
    since
), latest AS (
  SELECT
    entities.entity_id,
    entities.as_of,
    version.since,
    version.alike,
    ROW_NUMBER() OVER (PARTITION BY entities.entity_id, entities.as_of ORDER BY version.since DESC) AS place
  FROM entities
  LEFT JOIN version
    ON version.entity_id = entities.entity_id
    AND version.since <= UNIX_MICROS(entities.data_until)
), single AS (
  SELECT
    latest.entity_id,
    latest.as_of,
    attribute.entity_id AS found,
    attribute.*
    EXCEPT (entity_id, since)
  FROM latest
  LEFT JOIN attribute
    ON attribute.entity_id = latest.entity_id AND attribute.since = latest.since
  WHERE
    latest.place = 1 AND COALESCE(latest.alike, 1) = 1
), several AS (
  SELECT
    latest.entity_id,
    latest.as_of,
    attribute.entity_id AS found,
    attribute.*
    EXCEPT (entity_id, since),
    ROW_NUMBER() OVER (
      PARTITION BY latest.entity_id, latest.as_of
      ORDER BY `value_0` NULLS LAST, `value_1` NULLS LAST, `value_2` NULLS LAST
    ) AS choice
  FROM latest
  JOIN attribute
    ON attribute.entity_id = latest.entity_id AND attribute.since = latest.since
  WHERE
    latest.place = 1 AND latest.alike > 1
), one AS (
  SELECT
    *
  FROM single
  UNION ALL
  SELECT
    *
    EXCEPT (choice)
  FROM several
  WHERE
    choice = 1
)
SELECT
  `entity_id`,
  `as_of`,
  NOT `found` IS NULL AS `fact:known`,
  0 AS `fact:not_finite`,
  `value_0` AS `age`,
  `value_1` AS `plan`,
  SAFE_DIVIDE(CAST(UNIX_MICROS(`as_of`) - `value_2` AS FLOAT64), CAST(86400000000 AS FLOAT64)) AS `signed_up`
FROM one
ORDER BY
  `entity_id`,
  `as_of`
