/**
 * A made-up company in the lens, as large as wished: people who come by ten channels, read, try, buy, are
 * disappointed and bring others over two years, half a dozen moves on the ladder each. Made by ClickHouse
 * itself, since making it elsewhere would take longer than all that is measured.
 */
import type { ClickHouseClient } from '@clickhouse/client'

/** What two years of a young company look like. */
export const touchpointsEach = 20
const rowsAtOnce = 1_000_000
const days = 730

const kinds = [
  ...Array.from({ length: 30 }, () => 'page_viewed'),
  ...Array.from({ length: 14 }, () => 'content_viewed'),
  ...Array.from({ length: 16 }, () => 'email_opened'),
  ...Array.from({ length: 6 }, () => 'email_clicked'),
  ...Array.from({ length: 14 }, () => 'feature_used'),
  ...[
    'video_watched',
    'webinar_attended',
    'demo_requested',
    'trial_started',
    'signed_up',
    'comparison',
  ],
  ...['purchase', 'purchase', 'subscription_renewed', 'review', 'rating', 'survey_answer'],
  ...[
    'ticket_opened',
    'ticket_resolved',
    'complaint',
    'promise_kept',
    'promise_broken',
    'recovery',
  ],
  ...['referral', 'reference'],
]
const channels = [
  'organic_search', 'paid_search', 'email', 'direct', 'organic_social', 'paid_social', 'referral', 'event',
  'display', 'app',
] // prettier-ignore
const rungs = ['unaware', 'aware', 'considering', 'trusting', 'connected', 'customer', 'owner', 'loyal', 'advocate'] // prettier-ignore
const personas = ['nursery_owner', 'garden_centre', 'hobby_grower', '']

const list = (words: readonly string[]): string => `[${words.map((word) => `'${word}'`).join(',')}]`
const pick = (words: readonly string[], seed: string): string =>
  `${list(words)}[1 + ${seed} % ${words.length}]`
/** The same person in every table: their number is the id. */
const uuid = (number: string): string =>
  `toUUID(UUIDNumToString(reinterpretAsFixedString(toUInt128(cityHash64(${number}) + 1))))`

export interface FillOptions {
  readonly touchpoints: number
  readonly now: number
  readonly onProgress: (made: number) => void
}

export async function fillLens(
  client: ClickHouseClient,
  { touchpoints, now, onProgress }: FillOptions,
): Promise<void> {
  const people = Math.max(10, Math.floor(touchpoints / touchpointsEach))
  for (let from = 0; from < touchpoints; from += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, touchpoints - from)
    await client.command({ query: someTouchpoints({ from, count, people, now }) })
    onProgress(from + count)
  }
  for (let from = 0; from < people; from += rowsAtOnce) {
    await client.command({ query: someParties(from, Math.min(rowsAtOnce, people - from), now) })
  }
}

interface Some {
  readonly from: number
  readonly count: number
  readonly people: number
  readonly now: number
}

function someTouchpoints({ from, count, people, now }: Some): string {
  return `insert into touchpoint (subject_id, party_id, id, occurred_at, received_at, source_id, type, kind, event,
    channel, bot, amount_minor, currency, score, sentiment, properties, context, batch)
  select ${uuid('person')}, ${uuid('person')}, generateUUIDv4(),
    fromUnixTimestamp64Milli(toInt64(${now} - begun * 86400000 + (cityHash64(number, 1) % (begun * 86400000))), 'UTC') as at,
    at, 'bench', 'track', ${pick(kinds, 'cityHash64(number, 2)')} as what, 'Bench',
    ${pick(channels, 'cityHash64(person, number % 3)')} as way, number % 97 = 0,
    if(what in ('purchase', 'subscription_renewed'), 4900 + number % 9000, null),
    if(what in ('purchase', 'subscription_renewed'), 'EUR', ''), if(what in ('review', 'rating'), (number % 5) / 4, null),
    if(what in ('review', 'ticket_opened', 'complaint'), (number % 200) / 100 - 1, null),
    concat('{"title":"Part ', toString(number % 40), '","series":"Series ', toString(number % 6), '","topic":"Topic ',
      toString(number % 9), '"', if(what = 'referral', concat(',"code":"c-', toString(person), '"'), ''), '}'),
    concat('{"locale":"en-GB","campaign":{"name":"', way, '-', toString(number % 4), '","source":"', way,
      '"},"page":{"path":"/p/', toString(number % 300), '","search":"',
      if(cityHash64(person, 9) % 20 = 0, concat('?ref=c-', toString(cityHash64(person, 8) % ${people})), ''), '"}}'),
    1 + intDiv(number, 100000)
  from (select number, cityHash64(number) % ${people} as person, 1 + cityHash64(person, 5) % ${days} as begun
    from numbers(${from}, ${count}))`
}

function someParties(from: number, count: number, now: number): string {
  return `insert into party
  select ${uuid('number')}, 1, true, 'person', concat('Person ', toString(number)), ${list(rungs)}[last],
    moves[length(moves)], ['green', 'green', 'yellow', 'red'][1 + number % 4], moves[length(moves)],
    ${pick(personas, 'cityHash64(number, 3)')}, (cityHash64(number, 4) % 101) as fit, [], '{"country":"DE"}',
    moves, arrayMap(x -> 'rung', moves), arrayMap(i -> if(i = 1, '', ${list(rungs)}[steps[i - 1]]), arrayEnumerate(moves)),
    arrayMap(s -> ${list(rungs)}[s], steps),
    arrayMap(i -> toInt8(if(i = 1 or steps[i] > steps[i - 1], 1, -1)), arrayEnumerate(moves))
  from (select number, 1 + cityHash64(number, 5) % ${days} as begun,
      arraySort(arrayMap(i -> fromUnixTimestamp64Milli(toInt64(${now} - begun * 86400000
        + cityHash64(number, i) % (begun * 86400000)), 'UTC'), range(1 + number % 7))) as moves,
      arrayMap(i -> toUInt8(1 + (i + cityHash64(number, i, 7) % 3) % 9), range(1 + number % 7)) as steps,
      steps[length(steps)] as last
    from numbers(${from}, ${count}))`
}
