WITH described AS (
  SELECT
    ROW_NUMBER() OVER (ORDER BY `entity_id` NULLS LAST, `as_of` NULLS LAST) AS `entity_row`,
    `entity_id`,
    `as_of`,
    UNIX_MICROS(`as_of`) AS `as_of_us`,
    UNIX_MICROS(`data_until`) AS `until_us`,
    UNIX_DATE(DATE(DATETIME(`data_until`, 'Europe/Berlin'))) AS `until_day`
  FROM entities
), history AS (
  SELECT
    `entity_id`,
    UNIX_MICROS(`event_time`) AS `time_us`,
    DATE(DATETIME(`event_time`, 'Europe/Berlin')) AS `day`,
    UNIX_DATE(DATE(DATETIME(`event_time`, 'Europe/Berlin'))) AS `day_number`,
    EXTRACT(HOUR FROM DATETIME(`event_time`, 'Europe/Berlin')) AS `hour`,
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
    `history`.`day_number`,
    `history`.`hour`,
    `history`.`measure__amount`,
    `history`.`category__item`,
    `history`.`is_not_finite`,
    DENSE_RANK() OVER (
      PARTITION BY `described`.`entity_row`
      ORDER BY `described`.`as_of_us` - `history`.`time_us` NULLS LAST
    ) AS `place`
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
    COUNT(IF(`place` <= 5, 1, NULL)) AS `events__last5`,
    COUNT(IF(`place` <= 5, `measure__amount`, NULL)) AS `amount__known__last5`,
    SUM(IF(`place` <= 5, `measure__amount`, NULL)) AS `amount__sum__last5`,
    SUM(IF(`place` <= 5, `measure__amount` * `measure__amount`, NULL)) AS `amount__sum_of_squares__last5`,
    MIN(IF(`place` <= 5, `measure__amount`, NULL)) AS `amount__min__last5`,
    MAX(IF(`place` <= 5, `measure__amount`, NULL)) AS `amount__max__last5`
  FROM seen
  GROUP BY
    `entity_row`
), gaps AS (
  SELECT
    `entity_row`,
    COUNT(`gap_s`) AS `gaps`,
    SUM(ROUND(CAST(`gap_s` AS NUMERIC), 0)) AS `sum_s`,
    SUM(ROUND(CAST(`gap_s` AS NUMERIC), 0) * ROUND(CAST(`gap_s` AS NUMERIC), 0)) AS `sum_of_squares`,
    MAX(`gap_s`) AS `max_s`,
    MAX(IF(`recent` = 2, `age_us`, NULL)) AS `age_us__2`,
    MAX(IF(`recent` = 3, `age_us`, NULL)) AS `age_us__3`,
    MAX(IF(`recent` = 5, `age_us`, NULL)) AS `age_us__5`,
    MAX(IF(`recent` = 10, `age_us`, NULL)) AS `age_us__10`
  FROM (
    SELECT
      `entity_row`,
      `age_us`,
      DIV(
        (
          LEAD(`age_us`) OVER (PARTITION BY `entity_row` ORDER BY `age_us` NULLS LAST) - `age_us`
        ),
        1000000
      ) AS `gap_s`,
      ROW_NUMBER() OVER (PARTITION BY `entity_row` ORDER BY `age_us` NULLS LAST) AS `recent`
    FROM (
      SELECT DISTINCT
        `entity_row`,
        `age_us`
      FROM seen
    ) AS moment
  ) AS spaced
  GROUP BY
    `entity_row`
), days AS (
  SELECT
    `run`.`entity_row`,
    CAST(SUM(`run`.`units`) AS INT64) AS `active`,
    MAX(`described`.`until_day` - `run`.`first_unit`) AS `since`,
    MAX(`run`.`units`) AS `longest`,
    MAX(IF(`run`.`last_unit` >= `described`.`until_day` - 1, `run`.`units`, NULL)) AS `present`
  FROM (
    SELECT
      `entity_row`,
      COUNT(*) AS `units`,
      MIN(`unit`) AS `first_unit`,
      MAX(`unit`) AS `last_unit`
    FROM (
      SELECT
        `entity_row`,
        `unit`,
        `unit` - ROW_NUMBER() OVER (PARTITION BY `entity_row` ORDER BY `unit` NULLS LAST) AS `island`
      FROM (
        SELECT DISTINCT
          `entity_row`,
          `day_number` AS `unit`
        FROM seen
      ) AS active_unit
    ) AS placed
    GROUP BY
      `entity_row`,
      `island`
  ) AS run
  JOIN described
    ON `described`.`entity_row` = `run`.`entity_row`
  GROUP BY
    `run`.`entity_row`
), weeks AS (
  SELECT
    `run`.`entity_row`,
    CAST(SUM(`run`.`units`) AS INT64) AS `active`,
    MAX(DIV((
      `described`.`until_day` + 770003
    ), 7) - `run`.`first_unit`) AS `since`,
    MAX(`run`.`units`) AS `longest`,
    MAX(
      IF(
        `run`.`last_unit` >= DIV((
          `described`.`until_day` + 770003
        ), 7) - 1,
        `run`.`units`,
        NULL
      )
    ) AS `present`
  FROM (
    SELECT
      `entity_row`,
      COUNT(*) AS `units`,
      MIN(`unit`) AS `first_unit`,
      MAX(`unit`) AS `last_unit`
    FROM (
      SELECT
        `entity_row`,
        `unit`,
        `unit` - ROW_NUMBER() OVER (PARTITION BY `entity_row` ORDER BY `unit` NULLS LAST) AS `island`
      FROM (
        SELECT DISTINCT
          `entity_row`,
          DIV((
            `day_number` + 770003
          ), 7) AS `unit`
        FROM seen
      ) AS active_unit
    ) AS placed
    GROUP BY
      `entity_row`,
      `island`
  ) AS run
  JOIN described
    ON `described`.`entity_row` = `run`.`entity_row`
  GROUP BY
    `run`.`entity_row`
), profile AS (
  SELECT
    `entity_row`,
    COUNT(*) AS `events`,
    COUNT(IF(DIV((
      `hour`
    ), 6) = 0, 1, NULL)) AS `events__night`,
    COUNT(IF(DIV((
      `hour`
    ), 6) = 1, 1, NULL)) AS `events__morning`,
    COUNT(IF(DIV((
      `hour`
    ), 6) = 2, 1, NULL)) AS `events__afternoon`,
    COUNT(IF(DIV((
      `hour`
    ), 6) = 3, 1, NULL)) AS `events__evening`,
    COUNT(IF(MOD(`day_number` + 770003, 7) = 0, 1, NULL)) AS `events__monday`,
    COUNT(IF(MOD(`day_number` + 770003, 7) = 1, 1, NULL)) AS `events__tuesday`,
    COUNT(IF(MOD(`day_number` + 770003, 7) = 2, 1, NULL)) AS `events__wednesday`,
    COUNT(IF(MOD(`day_number` + 770003, 7) = 3, 1, NULL)) AS `events__thursday`,
    COUNT(IF(MOD(`day_number` + 770003, 7) = 4, 1, NULL)) AS `events__friday`,
    COUNT(IF(MOD(`day_number` + 770003, 7) = 5, 1, NULL)) AS `events__saturday`,
    COUNT(IF(MOD(`day_number` + 770003, 7) = 6, 1, NULL)) AS `events__sunday`
  FROM seen
  GROUP BY
    `entity_row`
), values_0 AS (
  SELECT
    `entity_row`,
    `category__item` AS `value`,
    COUNT(IF(`age_us` < 2592000000000, 1, NULL)) AS `events__30d`,
    COUNT(IF(`place` <= 5, 1, NULL)) AS `events__last5`,
    MAX(`age_us`) AS `first_age_us`,
    MIN(`age_us`) AS `last_age_us`
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
    MAX(`events__last5`) AS `most__last5`,
    MAX(`first_age_us`) AS `first_age_us`,
    MIN(`last_age_us`) AS `last_age_us`
  FROM values_0
  GROUP BY
    `entity_row`
), category_0 AS (
  SELECT
    `values_0`.`entity_row`,
    COUNT(IF(`values_0`.`events__30d` > 0, 1, NULL)) AS `distinct__30d`,
    COUNT(IF(`values_0`.`events__last5` > 0, 1, NULL)) AS `distinct__last5`,
    MIN(
      IF(
        `values_0`.`events__30d` = `most_0`.`most__30d` AND `values_0`.`events__30d` > 0,
        `values_0`.`value`,
        NULL
      )
    ) AS `top__30d`,
    MIN(
      IF(
        `values_0`.`events__last5` = `most_0`.`most__last5`
        AND `values_0`.`events__last5` > 0,
        `values_0`.`value`,
        NULL
      )
    ) AS `top__last5`,
    SUM(`values_0`.`events__30d`) AS `known__30d`,
    MAX(`values_0`.`events__30d`) AS `most__30d`,
    SUM(
      ROUND(
        CAST(CAST(`values_0`.`events__30d` AS FLOAT64) * LN(CAST(IF(`values_0`.`events__30d` > 0, `values_0`.`events__30d`, 1) AS FLOAT64)) AS NUMERIC),
        9
      )
    ) AS `n_ln_n__30d`,
    SUM(`values_0`.`events__last5`) AS `known__last5`,
    MAX(`values_0`.`events__last5`) AS `most__last5`,
    SUM(
      ROUND(
        CAST(CAST(`values_0`.`events__last5` AS FLOAT64) * LN(
          CAST(IF(`values_0`.`events__last5` > 0, `values_0`.`events__last5`, 1) AS FLOAT64)
        ) AS NUMERIC),
        9
      )
    ) AS `n_ln_n__last5`,
    MIN(
      IF(`values_0`.`first_age_us` = `most_0`.`first_age_us`, `values_0`.`value`, NULL)
    ) AS `first`,
    MIN(IF(`values_0`.`last_age_us` = `most_0`.`last_age_us`, `values_0`.`value`, NULL)) AS `last`
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
  SAFE_DIVIDE(CAST(`gaps`.`age_us__2` AS FLOAT64), CAST(86400000000 AS FLOAT64)) AS `recency.2`,
  SAFE_DIVIDE(CAST(`gaps`.`age_us__3` AS FLOAT64), CAST(86400000000 AS FLOAT64)) AS `recency.3`,
  SAFE_DIVIDE(CAST(`gaps`.`age_us__5` AS FLOAT64), CAST(86400000000 AS FLOAT64)) AS `recency.5`,
  SAFE_DIVIDE(CAST(`gaps`.`age_us__10` AS FLOAT64), CAST(86400000000 AS FLOAT64)) AS `recency.10`,
  SAFE_DIVIDE(
    SAFE_DIVIDE(CAST(`gaps`.`sum_s` AS FLOAT64), CAST(`gaps`.`gaps` AS FLOAT64)),
    CAST(86400 AS FLOAT64)
  ) AS `gaps.mean`,
  SAFE_DIVIDE(
    SQRT(
      SAFE_DIVIDE(
        CAST(`gaps`.`gaps` * `gaps`.`sum_of_squares` - `gaps`.`sum_s` * `gaps`.`sum_s` AS FLOAT64),
        CAST(`gaps`.`gaps` * (
          `gaps`.`gaps` - 1
        ) AS FLOAT64)
      )
    ),
    CAST(86400 AS FLOAT64)
  ) AS `gaps.std`,
  SAFE_DIVIDE(CAST(`gaps`.`max_s` AS FLOAT64), CAST(86400 AS FLOAT64)) AS `gaps.max`,
  SAFE_DIVIDE(
    SAFE_DIVIDE(CAST(`totals`.`youngest_us` AS FLOAT64), CAST(1000000 AS FLOAT64)),
    SAFE_DIVIDE(CAST(`gaps`.`sum_s` AS FLOAT64), CAST(`gaps`.`gaps` AS FLOAT64))
  ) AS `gaps.present_of_mean`,
  SAFE_DIVIDE(CAST(`weeks`.`active` AS FLOAT64), CAST(`weeks`.`since` + 1 AS FLOAT64)) AS `regularity.weeks`,
  SAFE_DIVIDE(
    SQRT(
      SAFE_DIVIDE(
        CAST(`gaps`.`gaps` * `gaps`.`sum_of_squares` - `gaps`.`sum_s` * `gaps`.`sum_s` AS FLOAT64),
        CAST(`gaps`.`gaps` * (
          `gaps`.`gaps` - 1
        ) AS FLOAT64)
      )
    ),
    SAFE_DIVIDE(CAST(`gaps`.`sum_s` AS FLOAT64), CAST(`gaps`.`gaps` AS FLOAT64))
  ) AS `regularity.gaps`,
  COALESCE(`days`.`longest`, 0) AS `streaks.days.longest`,
  COALESCE(`days`.`present`, 0) AS `streaks.days.present`,
  COALESCE(`weeks`.`longest`, 0) AS `streaks.weeks.longest`,
  COALESCE(`weeks`.`present`, 0) AS `streaks.weeks.present`,
  SAFE_DIVIDE(CAST(`profile`.`events__night` AS FLOAT64), CAST(`profile`.`events` AS FLOAT64)) AS `hours.night`,
  SAFE_DIVIDE(CAST(`profile`.`events__morning` AS FLOAT64), CAST(`profile`.`events` AS FLOAT64)) AS `hours.morning`,
  SAFE_DIVIDE(
    CAST(`profile`.`events__afternoon` AS FLOAT64),
    CAST(`profile`.`events` AS FLOAT64)
  ) AS `hours.afternoon`,
  SAFE_DIVIDE(CAST(`profile`.`events__evening` AS FLOAT64), CAST(`profile`.`events` AS FLOAT64)) AS `hours.evening`,
  SAFE_DIVIDE(CAST(`profile`.`events__monday` AS FLOAT64), CAST(`profile`.`events` AS FLOAT64)) AS `weekdays.monday`,
  SAFE_DIVIDE(CAST(`profile`.`events__tuesday` AS FLOAT64), CAST(`profile`.`events` AS FLOAT64)) AS `weekdays.tuesday`,
  SAFE_DIVIDE(
    CAST(`profile`.`events__wednesday` AS FLOAT64),
    CAST(`profile`.`events` AS FLOAT64)
  ) AS `weekdays.wednesday`,
  SAFE_DIVIDE(CAST(`profile`.`events__thursday` AS FLOAT64), CAST(`profile`.`events` AS FLOAT64)) AS `weekdays.thursday`,
  SAFE_DIVIDE(CAST(`profile`.`events__friday` AS FLOAT64), CAST(`profile`.`events` AS FLOAT64)) AS `weekdays.friday`,
  SAFE_DIVIDE(CAST(`profile`.`events__saturday` AS FLOAT64), CAST(`profile`.`events` AS FLOAT64)) AS `weekdays.saturday`,
  SAFE_DIVIDE(CAST(`profile`.`events__sunday` AS FLOAT64), CAST(`profile`.`events` AS FLOAT64)) AS `weekdays.sunday`,
  `category_0`.`first` AS `item.first`,
  `category_0`.`last` AS `item.last`,
  SAFE_DIVIDE(
    CAST(`totals`.`amount__known__30d` AS FLOAT64),
    CAST(COALESCE(`totals`.`events__30d`, 0) AS FLOAT64)
  ) AS `30d.amount.known_share`,
  SAFE_DIVIDE(
    CAST(`category_0`.`most__30d` AS FLOAT64),
    CAST(`category_0`.`known__30d` AS FLOAT64)
  ) AS `30d.item.top_share`,
  IF(
    `category_0`.`distinct__30d` > 1,
    LN(CAST(`category_0`.`known__30d` AS FLOAT64)) - SAFE_DIVIDE(
      CAST(`category_0`.`n_ln_n__30d` AS FLOAT64),
      CAST(`category_0`.`known__30d` AS FLOAT64)
    ),
    IF(`category_0`.`distinct__30d` = 1, 0, NULL)
  ) AS `30d.item.entropy`,
  SAFE_DIVIDE(
    CAST(`totals`.`amount__known__last5` AS FLOAT64),
    CAST(COALESCE(`totals`.`events__last5`, 0) AS FLOAT64)
  ) AS `last5.amount.known_share`,
  SAFE_DIVIDE(
    CAST(`category_0`.`most__last5` AS FLOAT64),
    CAST(`category_0`.`known__last5` AS FLOAT64)
  ) AS `last5.item.top_share`,
  IF(
    `category_0`.`distinct__last5` > 1,
    LN(CAST(`category_0`.`known__last5` AS FLOAT64)) - SAFE_DIVIDE(
      CAST(`category_0`.`n_ln_n__last5` AS FLOAT64),
      CAST(`category_0`.`known__last5` AS FLOAT64)
    ),
    IF(`category_0`.`distinct__last5` = 1, 0, NULL)
  ) AS `last5.item.entropy`
FROM described
LEFT JOIN totals
  ON `totals`.`entity_row` = `described`.`entity_row`
LEFT JOIN gaps
  ON `gaps`.`entity_row` = `described`.`entity_row`
LEFT JOIN days
  ON `days`.`entity_row` = `described`.`entity_row`
LEFT JOIN weeks
  ON `weeks`.`entity_row` = `described`.`entity_row`
LEFT JOIN profile
  ON `profile`.`entity_row` = `described`.`entity_row`
LEFT JOIN category_0
  ON `category_0`.`entity_row` = `described`.`entity_row`
ORDER BY
  `described`.`entity_row`
