/** Days on which trust was lost far beyond the usual, and what became of those who were hit. */
import { clusteredMean, differenceOfMeans } from '../../math/clustered-mean.ts'
import { quantileOfSorted } from '../../math/quantile.ts'
import { dayMilliseconds } from '../../relationship/duration.ts'
import type { HitPeople, Incident } from '../../domain/reports/trust.ts'
import type { ReportContext } from '../report.ts'
import { faded, trustMarks, trustMeasures } from './trust-queries.ts'

/** What one cause took on one day. */
export interface DayLoss {
  /** Days since 1970. */
  readonly day: number
  /** Place of the entry of the withdrawals, from 1, and the kind of touchpoint. */
  readonly entry: number
  readonly kind: string
  readonly withdrawn: number
  readonly entries: number
}

export interface Span {
  readonly from: number
  /** Included. */
  readonly to: number
  /** The main cause, and what it took. */
  readonly entry: number
  readonly kind: string
  readonly withdrawn: number
}

const mostIncidents = 5
/** A day stands out so many robust standard deviations (1.4826 MAD) above the median day. */
const deviations = 8
const fewestEntries = 5
/** Less than this share of all that was lost is no incident, however quiet the other days. */
const leastShare = 0.03
/** Days that belong together. */
const gap = 2

/** @param losses only of days with a loss; @param watched how many days there were in all */
export function findIncidents(
  losses: readonly DayLoss[],
  watched: number,
): { spans: Span[]; usual: number } {
  const days = [...Map.groupBy(losses, ({ day }) => day)]
    .map(([day, causes]) => ({ day, causes, withdrawn: total(causes) }))
    .toSorted((one, other) => one.day - other.day)
  const all = new Float64Array(Math.max(watched, days.length))
  for (const [index, { withdrawn }] of days.entries()) all[index] = withdrawn
  all.sort()
  if (all.length === 0) return { spans: [], usual: 0 }
  const limit = Math.max(
    quantileOfSorted(all, 0.5) + deviations * robustDeviation(all),
    leastShare * total(losses),
  )
  const spans: (typeof days)[] = []
  for (const day of days) {
    const entries = day.causes.reduce((sum, cause) => sum + cause.entries, 0)
    if (day.withdrawn <= limit || entries < fewestEntries) continue
    const last = spans.at(-1)
    if (last && day.day - (last.at(-1)?.day ?? 0) <= gap) last.push(day)
    else spans.push([day])
  }
  const worst = spans.map(spanOf).toSorted((one, other) => other.withdrawn - one.withdrawn)
  return { spans: worst.slice(0, mostIncidents), usual: total(losses) / all.length }
}

const total = (losses: readonly { readonly withdrawn: number }[]): number =>
  losses.reduce((sum, { withdrawn }) => sum + withdrawn, 0)

function robustDeviation(sorted: Float64Array): number {
  const median = quantileOfSorted(sorted, 0.5)
  const away = sorted.map((one) => Math.abs(one - median)).sort()
  return 1.4826 * quantileOfSorted(away, 0.5)
}

function spanOf(
  days: readonly { readonly day: number; readonly causes: readonly DayLoss[] }[],
): Span {
  const causes = Map.groupBy(days.flatMap(({ causes: some }) => some), ({ entry, kind }) => `${entry} ${kind}`) // prettier-ignore
  const [main = []] = [...causes.values()].toSorted((one, other) => total(other) - total(one))
  return {
    ...{ from: days[0]?.day ?? 0, to: days.at(-1)?.day ?? 0 },
    ...{ entry: main[0]?.entry ?? 0, kind: main[0]?.kind ?? '', withdrawn: total(main) },
  }
}

interface HitRow {
  readonly is_recovered: boolean
  readonly people: number
  readonly returned: number
  readonly before: number
  readonly before2: number
  readonly after: number
  readonly after2: number
  readonly end: number
  readonly end2: number
}

/** Whose accounts are looked at one by one; figures are for all. */
const peopleLookedAt = 3_000

/**
 * Whom the main cause of an incident hit, and what their accounts held before, after and at the end of
 * the period. Recovered: a deposit of the kind `recovery` followed.
 */
export async function incidentOf(
  context: ReportContext,
  span: Span,
  usual: number,
): Promise<Incident> {
  const { scope } = context
  const given = {
    incident_from: span.from * dayMilliseconds,
    incident_to: (span.to + 1) * dayMilliseconds,
  }
  const then = `(select * from ${scope.past}
    where occurred_at >= fromUnixTimestamp64Milli({incident_from: Int64}, 'UTC')
      and occurred_at < fromUnixTimestamp64Milli({incident_to: Int64}, 'UTC'))`
  const [hit = { people: 0, some: [] }] = await context.rows<Hit>(
    `select uniqExact(party_id) as people, arrayMap(one -> toString(one.2),
         groupArraySorted(${peopleLookedAt})(distinct (cityHash64(party_id), party_id))) as some
     from (${trustMarks(context, then, { isWanted: (kind) => kind === span.kind })})
     where withdrawal_entry = {entry: UInt8}`,
    { ...given, entry: span.entry },
  )
  return describe(context, { hit, rows: await hitRows(context, hit.some, given), span }, usual)
}

interface Hit {
  readonly people: number
  /** Of these, as many as are looked at one by one. */
  readonly some: readonly string[]
}

function hitRows(
  context: ReportContext,
  people: readonly string[],
  given: Readonly<Record<string, number>>,
): Promise<HitRow[]> {
  const { scope, model } = context
  const balance = (until: string): string =>
    `sumIf(${faded(model, 'deposit', until)} - ${faded(model, 'withdrawal', until)}, time < ${until})`
  const theirs = `(select * from ${scope.past} where party_id in (select toUUID(arrayJoin({people: Array(String)}))))`
  const sums = (['before', 'after', 'end'] as const).map(
    (at) => `sum(${at}_balance) as ${at}, sum(${at}_balance * ${at}_balance) as ${at}2`,
  )
  return context.rows<HitRow>(
    `select is_recovered, count() as people, sum(given_back) as returned, ${sums.join(', ')}
     from (
       select party_id, countIf(kind = 'recovery' and time >= {incident_from: Int64}) > 0 as is_recovered,
         sumIf(deposit_amount, kind = 'recovery' and time >= {incident_from: Int64}) as given_back,
         ${balance('{incident_from: Int64}')} as before_balance,
         ${balance('{incident_to: Int64}')} as after_balance,
         ${balance('{scope_to: Int64}')} as end_balance
       from (${trustMarks(context, theirs, { keep: ['kind'] })}) group by party_id)
     group by is_recovered`,
    { ...given, people },
  )
}

interface Found {
  readonly hit: Hit
  readonly rows: readonly HitRow[]
  readonly span: Span
}

function describe({ model }: ReportContext, { hit, rows, span }: Found, usual: number): Incident {
  const scale = hit.people / Math.max(1, hit.some.length)
  const recovered = hitPeople(rows.find(({ is_recovered: is }) => is), scale) // prettier-ignore
  const notRecovered = hitPeople(rows.find(({ is_recovered: is }) => !is), scale) // prettier-ignore
  const dayOf = (day: number): string => new Date(day * dayMilliseconds).toISOString().slice(0, 10)
  const days = span.to - span.from + 1
  return {
    ...{ from: dayOf(span.from), to: dayOf(span.to), kind: span.kind, people: hit.people },
    because: trustMeasures(model).withdrawal.entries[span.entry - 1]?.because ?? '',
    lookedAt: hit.some.length,
    withdrawn: span.withdrawn,
    timesUsual: usual > 0 ? span.withdrawn / days / usual : 0,
    ...{ recovered, notRecovered },
    returned: scale * rows.reduce((sum, { returned }) => sum + returned, 0),
    difference:
      recovered.end && notRecovered.end ? differenceOfMeans(recovered.end, notRecovered.end) : null,
  }
}

function hitPeople(row: HitRow | undefined, scale: number): HitPeople {
  if (!row) return { people: 0, before: null, after: null, end: null }
  const { people } = row
  const mean = (y: number, yy: number): HitPeople['end'] =>
    clusteredMean({ people, n: people, nn: people, y, yy, ny: y })
  return {
    people: Math.round(people * scale),
    before: mean(row.before, row.before2),
    after: mean(row.after, row.after2),
    end: mean(row.end, row.end2),
  }
}
