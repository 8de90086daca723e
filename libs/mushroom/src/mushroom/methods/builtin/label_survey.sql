/*
name: label_survey
summary: "Labels: did each entity that answered a question give one of some answers?"
returns:
  entity_id: {type: entity, doc: The entity.}
  as_of: {type: timestamp, doc: When it answered.}
  data_until: {type: timestamp, doc: "The microsecond before, so that no feature sees the answer."}
  label: {type: bool, doc: Whether the answer is one of those asked for.}
tables:
  answers: {kind: events, categories: [question, answer], doc: "The log of answers."}
parameters:
  question: {type: string, doc: "The value of `question`."}
  answers: {type: array<string>, doc: "The values of `answer` that make the label true."}
  since: {type: timestamp, doc: The first moment that counts.}
  until: {type: timestamp, doc: The first moment that no longer counts.}
note: >
  An entity's latest answer in that time counts; of several at one moment, the one whose text comes
  first. Questions without an answer are left out.
*/
SELECT
  entity_id,
  event_time AS as_of,
  TIMESTAMP_SUB(event_time, INTERVAL 1 MICROSECOND) AS data_until,
  answer IN UNNEST(@answers) AS label
FROM answers
WHERE
  event_time >= @since
  AND event_time < @until
  AND question = @question
  AND answer IS NOT NULL
QUALIFY ROW_NUMBER() OVER (PARTITION BY entity_id ORDER BY event_time DESC, answer) = 1
ORDER BY entity_id
