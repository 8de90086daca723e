/*
name: users
summary: The attributes of each entity as they stand, from a table without versions.
returns:
  entity_id: {type: entity, doc: The entity.}
  "*": {doc: The columns that the catalogue maps.}
tables:
  users: {kind: attributes, versioned: false, doc: One row for each entity.}
note: >
  The table says what holds now. For a table that keeps versions take `users_as_of`.
*/
SELECT users.*
FROM users
ORDER BY entity_id, TO_JSON_STRING(users)
