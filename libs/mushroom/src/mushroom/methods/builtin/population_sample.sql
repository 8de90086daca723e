/*
name: population_sample
summary: "A share of the entities that were seen by a time: the same ones whenever it is asked for."
returns:
  entity_id: {type: entity, doc: The entity.}
  place: {type: int64, doc: "Where the entity's hash puts it among a million places, from 0."}
tables:
  events: {kind: events, doc: Any log; entities with an event in it are the population.}
parameters:
  until: {type: timestamp, doc: The first moment that no longer counts.}
  share: {type: float64, at_least: 0, at_most: 1, doc: "The share wanted, such as 0.01; kept to a millionth."}
  seed: {type: string, doc: Another seed draws another sample., default: "0"}
note: >
  Whether an entity is in the sample depends on the seed and its id alone, so that samples agree
  between warehouses and over time, and a smaller share of one seed lies within a larger one. The
  share is met on average.
*/
WITH
  known AS (
    SELECT DISTINCT entity_id FROM events WHERE event_time < @until
  ),
  placed AS (
    SELECT
      entity_id,
      MOD(
        CAST(
          CONCAT(
            '0x', SUBSTR(TO_HEX(MD5(CONCAT(@seed, ':', CAST(entity_id AS STRING)))), 1, 15)
          ) AS INT64
        ),
        1000000
      ) AS place
    FROM known
  )
SELECT entity_id, place
FROM placed
WHERE place < CAST(ROUND(@share * 1000000) AS INT64)
ORDER BY entity_id
