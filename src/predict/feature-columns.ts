/**
 * Features as of a cut-off, and outcomes after it, of everybody who was seen in the year before: one pass
 * over history. Whatever a feature is made of happened before the cut-off; what stands in the lens as of
 * today only (traits, personas, today's rung) is not used, since it may know what came after.
 */
import { channels } from '../domain/touchpoint-kind.ts'
import { kindGroups, neverDays } from './features.ts'
import { propensities } from './catalogue.ts'
import { readColumns, type PartyColumns } from './lens-columns.ts'
import { toBase } from './purchase-columns.ts'
import type { CurrencyFactors } from '../relationship/field.ts'
import type { LensReader } from '../store/lens-reader.ts'

export interface FeatureQuestion {
  readonly history: string
  /** Milliseconds: features are of what happened before it. */
  readonly cutOff: number
  readonly horizonDays: number
  readonly factors: CurrencyFactors
  /** Ids of the rungs, lowest first. */
  readonly rungs: readonly string[]
  /** From this rung on somebody can be lost. */
  readonly customerRung: number
  /** At most about so many people, chosen by their id; null for all. */
  readonly atMost: number | null
}

/** Outcomes come as 1 and 0; -1 where the question does not arise for this person. */
export const outcomeColumn = (id: string): string => `outcome_${id}`

export async function readFeatures(
  reader: LensReader,
  names: readonly string[],
  question: FeatureQuestion,
): Promise<PartyColumns> {
  const { cutOff, horizonDays, rungs, customerRung, factors } = question
  const { factor, parameters } = toBase(factors)
  const groups = kindGroups.flatMap(({ kinds }, group) => kinds.map((kind) => ({ kind, group })))
  const columns = [...featureSql(), ...outcomeSql()]
  const query = `
    select h.party_id, ${columns.map((column) => `toFloat32(${column})`).join(',\n      ')}
    from (${historySql(question.history, factor)}) as h
    left any join (${movesSql}) as m on m.party_id = h.party_id
    where h.party_id in (select party_id from parties where kind = 'person')
    order by h.party_id`
  return readColumns(reader, {
    query,
    parameters: {
      ...parameters,
      cut: cutOff,
      horizon: horizonDays,
      rungs: [...rungs],
      customer_rung: customerRung,
      per_mille: await perMilleFor(reader, question),
      channels: [...channels],
      group_kinds: groups.map(({ kind }) => kind),
      group_numbers: groups.map(({ group }) => group),
      ...Object.fromEntries(
        propensities.flatMap(({ id, kinds }) =>
          kinds === null ? [] : [[`kinds_${id}`, [...kinds]]],
        ),
      ),
    },
    names: [...names, ...propensities.map(({ id }) => outcomeColumn(id))],
    width: 4,
  })
}

const cut = `fromUnixTimestamp64Milli({cut: Int64}, 'UTC')`
const end = `(${cut} + toIntervalDay({horizon: Int32}))`
const before = `occurred_at < ${cut}`
/** Days before the cut-off. */
const age = `dateDiff('second', occurred_at, ${cut}) / 86400`

/** Only so many of a thousand people, by their id: the same ones at every cut-off. */
async function perMilleFor(
  reader: LensReader,
  { atMost }: Pick<FeatureQuestion, 'atMost'>,
): Promise<number> {
  if (atMost === null) return 1_000
  const [all] = await reader.rows<{ people: number }>(
    `select count() as people from parties where kind = 'person'`,
  )
  return Math.min(1_000, Math.ceil((1_000 * atMost) / Math.max(1, all?.people ?? 0)))
}

function historySql(history: string, factor: string): string {
  // One array of counts a window, a place a group: a fifth of the time of an aggregate for each.
  const counted = (when: string): string =>
    `countIfResample(0, ${kindGroups.length}, 1)(${when}, g)`
  const purchases = kindGroups.findIndex(({ id }) => id === 'purchases')
  const outcomes = propensities.flatMap(({ id, kinds }) =>
    kinds === null
      ? []
      : [`countIf(not is_before and kind in {kinds_${id}: Array(String)}) > 0 as did_${id}`],
  )
  return `
      select party_id,
        ${counted(`is_before and age < 30`)} as counts_30,
        ${counted(`is_before and age < 90`)} as counts_90,
        ${counted('is_before')} as counts_all,
        maxIf(occurred_at, is_before) as seen_at,
        minIf(occurred_at, is_before) as known_at,
        maxIf(occurred_at, g = ${purchases} and is_before) as bought_at,
        groupBitOrIf(bitShiftLeft(toUInt64(1), toUInt8(greatest(age, 0)) % 64), is_before and age < 30) as bits_30,
        groupBitOrIf(bitShiftLeft(toUInt64(1), toUInt8(greatest(age, 30) - 30) % 64), is_before and age >= 30 and age < 90) as bits_90,
        groupBitOrIf(bitShiftLeft(toUInt64(1), channel_place), is_before) as channel_bits,
        sumIf(ifNull(amount_minor, 0) * ${factor}, g = ${purchases} and is_before) as spent_all,
        avgIf(sentiment, sentiment is not null and is_before) as tone,
        avgIf(score, score is not null and is_before) as mean_score,
        ${outcomes.join(',\n        ')}
      from (
        select party_id, occurred_at, kind, channel, amount_minor, currency, sentiment, score,
          transform(toString(kind), {group_kinds: Array(String)}, {group_numbers: Array(UInt8)}, toUInt8(${kindGroups.length})) as g,
          ${before} as is_before, toFloat32(${age}) as age,
          toUInt8(indexOf({channels: Array(String)}, toString(channel))) as channel_place
        from ${history}
        where occurred_at < ${end} and cityHash64(party_id) % 1000 < {per_mille: Int32}
      )
      group by party_id
      having seen_at >= ${cut} - toIntervalDay(365)`
}

/** Where people stood just before the cut-off, and at the end of the horizon. */
const rungAt = (until: string): string =>
  `transform(toString(argMaxIf(to_value, at, what = 'rung' and at < ${until})), {rungs: Array(String)}, range(length({rungs: Array(String)})), 0)`
const healthAt = (until: string): string =>
  `transform(toString(argMaxIf(to_value, at, what = 'health' and at < ${until})), ['yellow', 'red'], [1, 2], 0)`
const movesSql = `
      select party_id,
        ${rungAt(cut)} as rung_before, ${rungAt(end)} as rung_after,
        ${healthAt(cut)} as health_before, ${healthAt(end)} as health_after,
        maxIf(at, what = 'rung' and at < ${cut}) as rung_since,
        countIf(what = 'rung' and at >= ${cut} and at < ${end} and direction > 0) as rises
      from moves where at < ${end}
      group by party_id`

const ago = (column: string): string =>
  `log1p(if(toUnixTimestamp64Milli(${column}) <= 0, ${neverDays}, least(${neverDays}, dateDiff('second', ${column}, ${cut}) / 86400)))`
const log = (column: string): string => `log1p(${column})`

/** In the order of `featuresOf`. */
function featureSql(): string[] {
  return [
    ...kindGroups.flatMap((_group, place) =>
      ['counts_30', 'counts_90', 'counts_all'].map((counts) => log(`${counts}[${place + 1}]`)),
    ),
    ...['seen_at', 'bought_at', 'known_at'].map(ago),
    // Days and channels are bits: sets would cost twice the time of all the rest.
    log('bitCount(bits_30)'),
    log('(bitCount(bits_30) + bitCount(bits_90))'),
    'bitCount(channel_bits)',
    'log1p(greatest(0, spent_all))',
    'ifNull(tone, 0)',
    'ifNull(mean_score, -1)',
    'rung_before',
    ago('rung_since'),
    'health_before',
  ]
}

function outcomeSql(): string[] {
  const lost = `if(rung_before < {customer_rung: Int32} or health_before = 2, -1, rung_after < rung_before or health_after = 2)`
  const risen = `if(rung_before >= length({rungs: Array(String)}) - 1, -1, rung_after > rung_before)`
  return propensities.map(({ id, kinds }) =>
    kinds === null ? (id === 'churn' ? lost : risen) : `did_${id}`,
  )
}
