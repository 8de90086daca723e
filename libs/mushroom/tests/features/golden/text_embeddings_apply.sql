WITH described AS (
  SELECT
    ROW_NUMBER() OVER (ORDER BY `entity_id` NULLS LAST, `as_of` NULLS LAST) AS `entity_row`,
    `entity_id`,
    `as_of`,
    UNIX_MICROS(`as_of`) AS `as_of_us`,
    UNIX_MICROS(`data_until`) AS `until_us`
  FROM entities
), attribute AS (
  SELECT
    CAST(`user` AS INT64) AS `entity_id`,
    `since` AS `since`,
    CAST(`plan` AS STRING) AS `text`
  FROM attributes
  WHERE
    NOT `user` IS NULL AND NOT `since` IS NULL
), latest AS (
  SELECT
    `entity_row`,
    `text`
  FROM (
    SELECT
      `entity_row`,
      `text`,
      ROW_NUMBER() OVER (PARTITION BY `entity_row` ORDER BY `since` DESC, `text` NULLS LAST) AS `place`
    FROM (
      SELECT
        `described`.`entity_row`,
        `attribute`.`since`,
        `attribute`.`text`
      FROM described
      JOIN attribute
        ON `attribute`.`entity_id` = `described`.`entity_id`
        AND UNIX_MICROS(`attribute`.`since`) <= `described`.`until_us`
    ) AS known
  ) AS ranked
  WHERE
    `place` = 1
), facts AS (
  SELECT
    `entity_row`,
    COUNT(*) AS `events`,
    0 AS `odd`
  FROM latest
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
      WITH document AS (
        SELECT
          latest.`entity_row`,
          REGEXP_EXTRACT_ALL(LOWER(latest.text), '[\\pL\\pN]+') AS tokens
        FROM latest
      ), word AS (
        SELECT
          document.`entity_row`,
          document.tokens[OFFSET(place)] AS token,
          place
        FROM document
        CROSS JOIN UNNEST(GENERATE_ARRAY(0, ARRAY_LENGTH(document.tokens) - 1)) AS place
      ), term AS (
        SELECT
          `entity_row`,
          token AS item
        FROM word
        UNION ALL
        SELECT
          `entity_row`,
          CONCAT(token, ' ', LEAD(token) OVER (PARTITION BY `entity_row` ORDER BY place)) AS item
        FROM word
        WHERE
          2 > 1
      )
      SELECT
        `entity_row`,
        item,
        COUNT(*) AS amount
      FROM term
      WHERE
        NOT item IS NULL
      GROUP BY
        `entity_row`,
        item
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
