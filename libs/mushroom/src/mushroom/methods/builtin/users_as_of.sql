/*
name: users_as_of
summary: The attributes of each entity as they were known at a time, from a table with versions.
returns:
  entity_id: {type: entity, doc: The entity.}
  valid_from: {type: timestamp, doc: Since when this version was known.}
  "*": {doc: The columns that the catalogue maps.}
tables:
  users: {kind: attributes, versioned: true, doc: One row for each version of an entity.}
parameters:
  as_of: {type: timestamp, doc: The time; a version that begins at this very moment counts.}
note: >
  Entities without a version by then are left out. Of versions that begin at one moment, the one
  whose values, written as JSON, come first counts.
*/
SELECT users.*
FROM users
WHERE valid_from <= @as_of
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY entity_id ORDER BY valid_from DESC, TO_JSON_STRING(users)
) = 1
ORDER BY entity_id
