WITH past AS (
  SELECT
    `entity_id`,
    `event_time`,
    `category__item`
  FROM (
    SELECT
      CAST(`user` AS INT64) AS `entity_id`,
      `loaded_at` AS `event_time`,
      CAST(`item` AS STRING) AS `category__item`
    FROM events
    WHERE
      NOT `user` IS NULL AND NOT `loaded_at` IS NULL
  ) AS event
  WHERE
    `event_time` <= @fit_until
    AND `entity_id` IN (
      SELECT
        `entity_id`
      FROM fitted
    )
)
SELECT
  `category`,
  `place`,
  `value`,
  `events`
FROM (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY `category` ORDER BY `events` DESC, `value` NULLS LAST) AS `place`
  FROM (
    SELECT
      'item' AS `category`,
      `category__item` AS `value`,
      COUNT(*) AS `events`
    FROM past
    WHERE
      NOT `category__item` IS NULL
    GROUP BY
      `category__item`
  ) AS counted
) AS ranked
WHERE
  `place` <= 10
ORDER BY
  `category`,
  `place`
