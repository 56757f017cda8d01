/** Who is most (or least) likely to, page by page; and how everybody is spread. */
import { sql, type Kysely } from 'kysely'
import { quantityNamed } from './catalogue.ts'
import { RapportError } from '../domain/error.ts'
import { reasonWords } from './reason-words.ts'
import { relationshipTable } from '../relationship/postgres.ts'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { LikelyPage, PredictionSpread, QuantityId } from '../domain/prediction-view.ts'
import type { StoredReason } from './prediction-queries.ts'

export interface LikelyQuery {
  readonly of: QuantityId
  readonly at_least?: number | undefined
  readonly at_most?: number | undefined
  readonly rung?: string | undefined
  readonly segment?: string | undefined
  readonly order: 'most' | 'least'
  readonly cursor?: string | undefined
  readonly limit: number
}

export interface ServingTables {
  readonly version: number
  readonly compiled: CompiledModel
}

interface Row {
  readonly id: string
  readonly name: string
  readonly rung: number
  readonly value: number
  readonly low: number
  readonly high: number
  readonly asOf: Date
  readonly reasons: readonly StoredReason[]
}

export async function likelyPage(
  db: Kysely<unknown>,
  { version, compiled }: ServingTables,
  query: LikelyQuery,
): Promise<LikelyPage> {
  const { declared, rungs } = compiled
  const place = rungs.findIndex(({ id }) => id === query.rung)
  const within = [
    sql`q.quantity = ${query.of}`,
    sql`p.merged_into is null`,
    ...(query.at_least === undefined ? [] : [sql`q.value >= ${query.at_least}`]),
    ...(query.at_most === undefined ? [] : [sql`q.value <= ${query.at_most}`]),
    ...(query.rung === undefined ? [] : [sql`r.rung = ${place}`]),
    ...(query.segment === undefined ? [] : [insideOf(query.segment)]),
  ]
  const from = sql`prediction q join party p on p.id = q.party_id
    join ${sql.table(relationshipTable(version))} r on r.party_id = q.party_id`
  const after = query.cursor === undefined ? [] : [afterOf(query.cursor, query.order)]
  const { rows } = await sql<Row>`
    select p.id, p.display_name as name, r.rung, q.value, q.low, q.high, q.as_of as "asOf", q.reasons
    from ${from} where ${sql.join([...within, ...after], sql` and `)}
    order by ${query.order === 'most' ? sql`q.value desc, q.party_id` : sql`q.value, q.party_id desc`}
    limit ${query.limit + 1}`.execute(db)
  const counted = await sql<{ total: number }>`
    select count(*)::int as total from ${from} where ${sql.join(within, sql` and `)}`.execute(db)
  const says = reasonWords(declared.rungs)
  const page = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? page.at(-1) : undefined
  return {
    quantity: quantityNamed(query.of, declared.currency.base),
    total: counted.rows[0]?.total ?? 0,
    people: page.map(({ id, name, rung, value, low, high, asOf, reasons }) => ({
      party: { id, kind: 'person' as const, displayName: name },
      rung: { id: declared.rungs[rung]?.id ?? '', name: declared.rungs[rung]?.name ?? '' },
      ...{ value, low, high, asOf: asOf.toISOString(), reasons: says(reasons) },
    })),
    next: last ? `${last.value} ${last.id}` : null,
  }
}

function insideOf(segmentId: string) {
  return sql`exists (select 1 from segment_build b join segment_member m on m.build = b.build
    where b.segment_id = ${segmentId}::uuid and b.state in ('serving', 'broken')
      and m.party_id = q.party_id and m.inside)`
}

function afterOf(cursor: string, order: LikelyQuery['order']) {
  const [, value, id] = /^(-?[\d.e+-]{1,30}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor) ?? [] // prettier-ignore
  if (value === undefined || id === undefined || !Number.isFinite(Number(value)))
    throw new RapportError('invalid_cursor')
  const at = Number(value)
  return order === 'most'
    ? sql`(q.value < ${at} or (q.value = ${at} and q.party_id > ${id}::uuid))`
    : sql`(q.value > ${at} or (q.value = ${at} and q.party_id < ${id}::uuid))`
}

const wantedBins = 24

export async function predictionSpread(
  db: Kysely<unknown>,
  of: QuantityId,
  currency: string,
): Promise<PredictionSpread> {
  const quantity = quantityNamed(of, currency)
  const { rows } = await sql<{ people: number; sum: number; deciles: number[] | null; most: number }>`
    select count(*)::int as people, coalesce(sum(value), 0) as sum, coalesce(max(value), 0) as most,
      percentile_cont(array[.1, .2, .3, .4, .5, .6, .7, .8, .9]) within group (order by value) as deciles
    from prediction where quantity = ${of}`.execute(db)
  const { people = 0, sum = 0, deciles = null, most = 0 } = rows[0] ?? {}
  const top = quantity.unit === 'chance' ? 1 : (most > 0 ? most : 1)
  const step = top / wantedBins
  const counts = await sql<{ bin: number; people: number }>`
    select least(${wantedBins - 1}, floor(value / ${step}::float8))::int as bin, count(*)::int as people
    from prediction where quantity = ${of} group by 1`.execute(db)
  const peopleIn = new Map(counts.rows.map((row) => [row.bin, row.people]))
  return {
    ...{ quantity, people, sum, deciles: deciles ?? [] },
    bins: Array.from({ length: wantedBins }, (_, bin) => ({
      ...{ from: bin * step, to: (bin + 1) * step, people: peopleIn.get(bin) ?? 0 },
    })),
  }
} // prettier-ignore
