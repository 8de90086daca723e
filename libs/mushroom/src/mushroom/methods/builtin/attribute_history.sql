/*
name: attribute_history
summary: Each version of each entity's attributes, with the time from when and until when it held.
returns:
  entity_id: {type: entity, doc: The entity.}
  valid_from: {type: timestamp, doc: The first moment at which the version holds.}
  "*": {doc: "The columns that the catalogue maps, then `valid_until`: the first moment at which the
    version no longer holds; NULL for the latest."}
tables:
  users: {kind: attributes, versioned: true, doc: One row for each version of an entity.}
note: >
  Of versions that begin at one moment all but one hold for no time at all; the one that remains is
  the one that `users_as_of` takes.
*/
SELECT
  users.*,
  LEAD(valid_from) OVER (
    PARTITION BY entity_id ORDER BY valid_from, TO_JSON_STRING(users) DESC
  ) AS valid_until
FROM users
ORDER BY entity_id, valid_from, TO_JSON_STRING(users) DESC
