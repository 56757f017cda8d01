/** Days on which trust was lost far beyond the usual, and what became of those who were hit. */
import { clusteredMean, differenceOfMeans } from '../../math/clustered-mean.ts'
import { quantileOfSorted } from '../../math/quantile.ts'
import { dayMilliseconds } from '../../relationship/duration.ts'
import type { HitPeople, Incident } from '../../domain/reports/trust.ts'
import type { ReportContext } from '../report.ts'
import { faded, trustMarks, trustMeasures } from './trust-queries.ts'

export interface DayLoss {
  /** Days since 1970. */
  readonly day: number
  readonly withdrawn: number
  readonly entries: number
}

interface Span {
  readonly from: number
  /** Included. */
  readonly to: number
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

/** @param days only those with a loss; @param watched how many days there were in all */
export function findIncidents(
  days: readonly DayLoss[],
  watched: number,
): { spans: Span[]; usual: number } {
  const losses = Float64Array.from({ length: Math.max(watched, days.length) }, (_, i) => days[i]?.withdrawn ?? 0).sort() // prettier-ignore
  if (losses.length === 0) return { spans: [], usual: 0 }
  const median = quantileOfSorted(losses, 0.5)
  const away = losses.map((loss) => Math.abs(loss - median)).sort()
  const total = losses.reduce((sum, loss) => sum + loss, 0)
  const limit = Math.max(
    median + deviations * 1.4826 * quantileOfSorted(away, 0.5),
    leastShare * total,
  )
  const spans: Span[] = []
  for (const { day, withdrawn, entries } of days.toSorted((one, other) => one.day - other.day)) {
    if (withdrawn <= limit || entries < fewestEntries) continue
    const last = spans.at(-1)
    if (last && day - last.to <= gap) {
      spans[spans.length - 1] = { ...last, to: day, withdrawn: last.withdrawn + withdrawn }
    } else spans.push({ from: day, to: day, withdrawn })
  }
  const worst = spans.toSorted((one, other) => other.withdrawn - one.withdrawn)
  return { spans: worst.slice(0, mostIncidents), usual: total / losses.length }
}

interface HitRow {
  readonly because: number
  readonly kind: string
  readonly is_recovered: boolean
  readonly people: number
  readonly withdrawn: number
  readonly returned: number
  readonly before: number
  readonly before2: number
  readonly after: number
  readonly after2: number
  readonly end: number
  readonly end2: number
}

/**
 * Whom the main cause of an incident hit, and what their accounts held before, after and at the end of
 * the period. Recovered: a deposit of the kind `recovery` followed.
 */
export async function incidentOf(
  context: ReportContext,
  { from, to, withdrawn }: Span,
  usual: number,
): Promise<Incident[]> {
  const { scope, model } = context
  const within = `time >= {incident_from: Int64} and time < {incident_to: Int64}`
  const balance = (until: string): string =>
    `sumIf(${faded(model, 'deposit', until)} - ${faded(model, 'withdrawal', until)}, time < ${until})`
  const marks = trustMarks(context, scope.past, ['kind'])
  const hit = `select party_id, argMax(withdrawal_entry, withdrawal_amount) as because,
      argMax(kind, withdrawal_amount) as kind, sum(withdrawal_amount) as withdrawn
    from (${trustMarks(
      context,
      `(select * from ${scope.past}
      where occurred_at >= fromUnixTimestamp64Milli({incident_from: Int64}, 'UTC')
        and occurred_at < fromUnixTimestamp64Milli({incident_to: Int64}, 'UTC'))`,
      ['kind'],
    )})
    where ${within} and withdrawal_entry > 0 group by party_id`
  const rows = await context.rows<HitRow>(
    `with hit as (${hit})
     select because, kind, is_recovered, count() as people, sum(withdrawn) as withdrawn, sum(returned) as returned,
       ${(['before', 'after', 'end'] as const).map((at) => `sum(${at}_balance) as ${at}, sum(${at}_balance * ${at}_balance) as ${at}2`).join(', ')}
     from (
       select party_id, any(hit.because) as because, any(hit.kind) as kind, any(hit.withdrawn) as withdrawn,
         countIf(m.kind = 'recovery' and time >= {incident_from: Int64}) > 0 as is_recovered,
         sumIf(deposit_amount, m.kind = 'recovery' and time >= {incident_from: Int64}) as returned,
         ${balance('{incident_from: Int64}')} as before_balance,
         ${balance('{incident_to: Int64}')} as after_balance,
         ${balance('{scope_to: Int64}')} as end_balance
       from (${marks.replaceAll(scope.past, `(select * from ${scope.past} where party_id in (select party_id from hit))`)}) as m
       inner join hit using party_id
       group by party_id)
     group by because, kind, is_recovered`,
    { incident_from: from * dayMilliseconds, incident_to: (to + 1) * dayMilliseconds },
  )
  return describe(context, rows, { from, to, withdrawn }, usual)
}

function describe(
  { model }: ReportContext,
  rows: readonly HitRow[],
  { from, to }: Span,
  usual: number,
): Incident[] {
  const causes = [...Map.groupBy(rows, ({ because, kind }) => `${because} ${kind}`).values()]
  const lost = (some: readonly HitRow[]): number =>
    some.reduce((sum, row) => sum + row.withdrawn, 0)
  const [main] = causes.toSorted((one, other) => lost(other) - lost(one))
  const [first] = main ?? []
  if (!main || !first) return []
  const recovered = hitPeople(main.find(({ is_recovered: is }) => is))
  const notRecovered = hitPeople(main.find(({ is_recovered: is }) => !is))
  const dayOf = (day: number): string => new Date(day * dayMilliseconds).toISOString().slice(0, 10)
  const { entries } = trustMeasures(model).withdrawal
  return [
    {
      ...{ from: dayOf(from), to: dayOf(to), kind: first.kind },
      because: entries[first.because - 1]?.because ?? '',
      people: recovered.people + notRecovered.people,
      withdrawn: lost(main),
      timesUsual: usual > 0 ? lost(main) / (to - from + 1) / usual : 0,
      ...{ recovered, notRecovered },
      returned: main.reduce((sum, { returned }) => sum + returned, 0),
      difference:
        recovered.end && notRecovered.end
          ? differenceOfMeans(recovered.end, notRecovered.end)
          : null,
    },
  ]
}

function hitPeople(row: HitRow | undefined): HitPeople {
  if (!row) return { people: 0, before: null, after: null, end: null }
  const { people } = row
  const mean = (y: number, yy: number): HitPeople['end'] =>
    clusteredMean({ people, n: people, nn: people, y, yy, ny: y })
  return {
    people,
    before: mean(row.before, row.before2),
    after: mean(row.after, row.after2),
    end: mean(row.end, row.end2),
  }
}
