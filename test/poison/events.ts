/**
 * Bad events, each as raw JSON, and what becomes of it: the code of its refusal, or `taken` where it is
 * cleaned and kept. `{id}` stands for a message id of its own.
 */
const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
const who = '"messageId":"{id}","userId":"poison"'
const track = (rest: string): string => `{"type":"track",${who},"event":"Poison",${rest}}`

/** An event of exactly so many bytes. */
export function eventOfBytes(bytes: number, messageId: string): string {
  const bare = track('"properties":{"filler":""}').replace('{id}', messageId)
  return bare.replace('"filler":""', `"filler":"${'x'.repeat(bytes - bare.length)}"`)
}

/** Levels around what stands in the properties of an event of a batch. */
const around = 4
const kilobytes32 = 32 * 1024
/** The length of a message id, so that sizes are exact: all have five characters. */
const someId = 'id-00'

export const poisonEvents: readonly (readonly [says: string, event: string, outcome: string])[] = [
  // Not an event.
  ['null', 'null', 'invalid_event'],
  ['a number', '7', 'invalid_event'],
  ['a text', '"track"', 'invalid_event'],
  ['a list', '[]', 'invalid_event'],
  ['true', 'true', 'invalid_event'],
  ['nothing', '{}', 'unknown_event_type'],
  ['no type', `{${who},"event":"e"}`, 'unknown_event_type'],
  ['a type that is a list', `{"type":["track"],${who}}`, 'unknown_event_type'],
  ['a strange type', `{"type":"poke",${who}}`, 'unknown_event_type'],
  ['type __proto__', `{"type":"__proto__",${who}}`, 'unknown_event_type'],
  // Nobody.
  ['nobody', '{"type":"track","event":"e","messageId":"{id}"}', 'missing_identity'],
  ['userId null', '{"type":"track","event":"e","userId":null}', 'missing_identity'],
  ['userId "null"', '{"type":"track","event":"e","userId":"null"}', 'missing_identity'],
  ['userId true', '{"type":"track","event":"e","userId":true}', 'missing_identity'],
  ['userId {}', '{"type":"track","event":"e","userId":{"$ne":1}}', 'missing_identity'],
  ['userId [object Object]', '{"type":"track","event":"e","userId":"[object Object]"}', 'missing_identity'],
  ['userId of blanks', '{"type":"track","event":"e","userId":" \\t\\n "}', 'missing_identity'],
  ['userId of NUL', '{"type":"track","event":"e","userId":"\\u0000"}', 'missing_identity'],
  ['no event name', `{"type":"track",${who}}`, 'missing_event_name'],
  ['a blank event name', `{"type":"track",${who},"event":"  "}`, 'missing_event_name'],
  ['an event name that is an object', `{"type":"track",${who},"event":{}}`, 'missing_event_name'],
  ['no group', `{"type":"group",${who}}`, 'invalid_group'],
  ['group {}', `{"type":"group",${who},"groupId":{}}`, 'invalid_group'],
  ['alias of nobody', `{"type":"alias",${who}}`, 'invalid_alias'],
  ['alias to null', '{"type":"alias","userId":"null","previousId":"x"}', 'missing_identity'],
  // Wrong shapes.
  ['properties a text', track('"properties":"p"'), 'invalid_event'],
  ['properties a list', track('"properties":[1]'), 'invalid_event'],
  ['traits a number', `{"type":"identify",${who},"traits":3}`, 'invalid_event'],
  ['context a list', track('"context":[[]]'), 'invalid_event'],
  // Times.
  ['1970', track('"timestamp":"1970-01-01T00:00:00Z"'), 'invalid_timestamp'],
  ['1970 in seconds', track('"timestamp":0'), 'invalid_timestamp'],
  ['the year 3000', track('"timestamp":"3000-01-01T00:00:00Z"'), 'invalid_timestamp'],
  ['the last day of all', track('"timestamp":8640000000000000'), 'invalid_timestamp'],
  ['a negative year', track('"timestamp":"-000044-03-15T12:00:00Z"'), 'taken'],
  ['no day at all', track('"timestamp":"2026-02-31T00:00:00Z"'), 'taken'],
  ['time null', track('"timestamp":null'), 'taken'],
  ['time {}', track('"timestamp":{}'), 'taken'],
  ['time 1e400', track('"timestamp":1e400'), 'invalid_timestamp'],
  ['sent in the past', track('"timestamp":"2026-01-01T00:00:00Z","sentAt":"1971-01-01T00:00:00Z"'), 'taken'],
  // What PostgreSQL cannot keep.
  ['NUL in a value', track('"properties":{"a":"x\\u0000y"}'), 'taken'],
  ['NUL in a key', track('"properties":{"a\\u0000b":1}'), 'taken'],
  ['NUL in everything', `{"type":"track","messageId":"{id}\\u0000","userId":"poi\\u0000son","event":"Poi\\u0000son","context":{"page":{"url":"\\u0000"}}}`, 'taken'],
  ['a lone surrogate', track('"properties":{"a":"\\ud800","\\udc00":"b"}'), 'taken'],
  ['a surrogate in the event name', `{"type":"track",${who},"event":"\\ud83d"}`, 'taken'],
  ['a key of 5,000 characters', track(`"properties":{"${'k'.repeat(5_000)}":1}`), 'taken'],
  ['a trait with an endless key', `{"type":"identify",${who},"traits":{"${'t'.repeat(9_000)}":1}}`, 'taken'],
  ['a message id of 5,000 characters', track('"a":1').replace('{id}', `{id}${'m'.repeat(5_000)}`), 'taken'],
  ['a user id of 5,000 characters', `{"type":"track","messageId":"{id}","userId":"${'u'.repeat(5_000)}","event":"e"}`, 'taken'],
  ['1e400', track('"properties":{"total":1e400,"n":-1e400}'), 'taken'],
  ['a number of 10,000 digits', track(`"properties":{"total":${'9'.repeat(10_000)}}`), 'taken'],
  ['1e-400', track('"properties":{"total":1e-400}'), 'taken'],
  ['money beyond all', track('"properties":{"total":1e15,"currency":"JPY"}'), 'taken'],
  ['currency {}', track('"properties":{"total":5,"currency":{"a":1}}'), 'taken'],
  ['rating "DROP TABLE"', `{"type":"track",${who},"event":"Product Reviewed","properties":{"rating":"'; drop table touchpoint; --"}}`, 'taken'],
  // Prototypes.
  ['__proto__', track('"properties":{"__proto__":{"polluted":1}},"__proto__":{"polluted":1}'), 'taken'],
  ['constructor.prototype', track('"properties":{"constructor":{"prototype":{"polluted":1}}}'), 'taken'],
  ['traits of __proto__', `{"type":"identify",${who},"traits":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}`, 'taken'],
  ['a hidden __proto__', track('"properties":{"__proto__\\u0000":{"polluted":1}}'), 'taken'],
  ['toString and friends', `{"type":"identify",${who},"traits":{"toString":1,"hasOwnProperty":2,"valueOf":3}}`, 'taken'],
  // Sizes and depths.
  ['nested as deep as allowed', track(`"properties":{"a":${deep(64 - around)}}`), 'taken'],
  ['nested one level too deep', track(`"properties":{"a":${deep(65 - around)}}`), 'nested_too_deep'],
  ['nested 8,000 levels', track(`"properties":{"a":${deep(8_000)}}`), 'nested_too_deep'],
  ['nested objects', track(`"properties":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`), 'nested_too_deep'],
  ['32 KB', eventOfBytes(kilobytes32, someId), 'taken'],
  ['32 KB and one byte', eventOfBytes(kilobytes32 + 1, someId), 'event_too_large'],
  ['10,000 keys', track(`"properties":{${Array.from({ length: 3_000 }, (_, i) => `"k${i}":1`).join()}}`), 'taken'],
  ['the same key twice', '{"type":"track","type":"poke","userId":"a","userId":"poison","event":"e"}', 'unknown_event_type'],
] // prettier-ignore
