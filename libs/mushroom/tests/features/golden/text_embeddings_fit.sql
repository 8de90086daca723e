WITH latest AS (
  SELECT
    `entity_id`,
    `text`
  FROM (
    SELECT
      `entity_id`,
      `text`,
      ROW_NUMBER() OVER (PARTITION BY `entity_id` ORDER BY `since` DESC, `text` NULLS LAST) AS `place`
    FROM (
      SELECT
        *
      FROM (
        SELECT
          CAST(`user` AS INT64) AS `entity_id`,
          `since` AS `since`,
          CAST(`plan` AS STRING) AS `text`
        FROM attributes
        WHERE
          NOT `user` IS NULL AND NOT `since` IS NULL
      ) AS texts
      WHERE
        `since` <= @fit_until
        AND `entity_id` IN (
          SELECT
            `entity_id`
          FROM fitted
        )
    ) AS known
  ) AS ranked
  WHERE
    `place` = 1
), cells AS (
  SELECT
    *
  FROM (
    SELECT
      `entity_id`,
      `item`,
      CAST(ROUND(
        LN(CAST(1 AS FLOAT64) + GREATEST(CAST(`amount` AS FLOAT64), CAST(0 AS FLOAT64))) * 10000
      ) AS INT64) AS `weight`
    FROM (
      WITH document AS (
        SELECT
          latest.`entity_id`,
          REGEXP_EXTRACT_ALL(LOWER(latest.text), '[\\pL\\pN]+') AS tokens
        FROM latest
      ), word AS (
        SELECT
          document.`entity_id`,
          document.tokens[OFFSET(place)] AS token,
          place
        FROM document
        CROSS JOIN UNNEST(GENERATE_ARRAY(0, ARRAY_LENGTH(document.tokens) - 1)) AS place
      ), term AS (
        SELECT
          `entity_id`,
          token AS item
        FROM word
        UNION ALL
        SELECT
          `entity_id`,
          CONCAT(token, ' ', LEAD(token) OVER (PARTITION BY `entity_id` ORDER BY place)) AS item
        FROM word
        WHERE
          2 > 1
      )
      SELECT
        `entity_id`,
        item,
        COUNT(*) AS amount
      FROM term
      WHERE
        NOT item IS NULL
      GROUP BY
        `entity_id`,
        item
    ) AS amounts
  ) AS weights
  WHERE
    `weight` > 0
), known AS (
  SELECT
    item,
    COUNT(*) AS entities
  FROM cells
  GROUP BY
    item
), ranked AS (
  SELECT
    item,
    entities,
    ROW_NUMBER() OVER (ORDER BY entities DESC, item) AS place
  FROM known
), kept AS (
  SELECT
    cells.entity_id,
    ranked.place,
    cells.weight
  FROM cells
  JOIN ranked
    ON ranked.item = cells.item
  WHERE
    ranked.place <= @items
), everybody AS (
  SELECT
    COUNT(DISTINCT entity_id) AS everybody
  FROM cells
), together AS (
  SELECT
    one.place,
    other.place AS other,
    SUM(one.weight * other.weight) AS product
  FROM kept AS one
  JOIN kept AS other
    ON other.entity_id = one.entity_id AND other.place >= one.place
  GROUP BY
    one.place,
    other.place
)
SELECT
  together.place,
  together.other,
  CASE WHEN together.place = together.other THEN ranked.item END AS item,
  ranked.entities,
  everybody.everybody,
  together.product
FROM together
JOIN ranked
  ON ranked.place = together.place
CROSS JOIN everybody
ORDER BY
  place,
  other
