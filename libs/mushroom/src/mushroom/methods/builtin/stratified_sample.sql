/*
name: stratified_sample
summary: "The same number of entities of each stratum, such as a country: the same ones every time."
returns:
  entity_id: {type: entity, doc: The entity.}
  stratum: {type: string, doc: "Its stratum, as text; NULL is a stratum too."}
tables:
  users: {kind: attributes, versioned: false, columns: [stratum], doc: "One row for each entity."}
parameters:
  per_stratum: {type: int64, at_least: 1, doc: "How many of each; a smaller stratum is taken whole."}
  seed: {type: string, doc: Another seed draws another sample., default: "0"}
note: >
  The entities of a stratum are ordered by a hash of the seed and the id, and the first are taken:
  more for each stratum keeps those that fewer had. An entity with several rows counts with the
  smallest stratum.
*/
WITH
  known AS (
    SELECT entity_id, MIN(CAST(stratum AS STRING)) AS stratum FROM users GROUP BY entity_id
  )
SELECT entity_id, stratum
FROM known
WHERE TRUE
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY stratum
  ORDER BY TO_HEX(MD5(CONCAT(@seed, ':', CAST(entity_id AS STRING)))), entity_id
) <= @per_stratum
ORDER BY entity_id
