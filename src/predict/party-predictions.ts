/**
 * What is likely next for one party. Whether a buyer is still one, and how much they will buy, follows
 * in closed form from their purchases up to now: read from the log and computed here, so it is right the
 * moment after a purchase. Chances from features are of the last scoring.
 */
import { sql, type Kysely } from 'kysely'
import { dayMilliseconds } from '../relationship/duration.ts'
import { models, quantitiesOf } from './catalogue.ts'
import { predictionsOf, type StoredReason } from './prediction-queries.ts'
import { purchaseKinds } from './purchase-kinds.ts'
import { purchaseScorer } from './purchase-scores.ts'
import { RapportError } from '../domain/error.ts'
import { readServing, type ServingFit } from './model-queries.ts'
import { reasonWords } from './reason-words.ts'
import { textArray } from '../store/array-literal.ts'
import { weekDays } from './purchase-rows.ts'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { partyPredictions, PartyPrediction } from '../domain/prediction-view.ts'
import type { PurchaseHistory } from './purchase/histories.ts'
import type { StoredPurchaseFit } from './alive-interval.ts'
import type { z } from 'zod'

interface Moment {
  readonly now: number
  readonly horizonDays: number
}

interface FoundParty {
  readonly id: string
  readonly kind: 'person' | 'account'
  readonly displayName: string
}

/** Who a party is by now: merged ones are the one that they were merged into. */
async function livingParty(db: Kysely<unknown>, id: string): Promise<FoundParty> {
  const { rows } = await sql<FoundParty>`
    with recursive chain as (
      select id, merged_into, 0 as depth from party where id = ${id}
      union all
      select p.id, p.merged_into, c.depth + 1 from party p join chain c on p.id = c.merged_into
      where c.depth < 100)
    select p.id, p.kind, p.display_name as "displayName"
    from chain c join party p on p.id = c.id where c.merged_into is null`.execute(db)
  if (rows[0] === undefined) throw new RapportError('not_found', 'There is no such party.')
  return rows[0]
}

export async function predictionsOfParty(
  db: Kysely<unknown>,
  { declared }: CompiledModel,
  partyId: string,
  moment: Moment,
): Promise<z.infer<typeof partyPredictions>> {
  const party = await livingParty(db, partyId)
  const serving = await readServing(db)
  const stored = party.kind === 'person' ? await predictionsOf(db, party.id) : []
  const exact = party.kind === 'person' ? await exactly(db, party.id, serving, moment) : new Map<string, Exact>() // prettier-ignore
  const says = reasonWords(declared.rungs)
  const asOf = new Date(moment.now)
  const predictions = models.flatMap((definition) =>
    quantitiesOf(definition, declared.currency.base).flatMap((quantity): PartyPrediction[] => {
      const own = stored.find((one) => one.quantity === quantity.id)
      const fresh = exact.get(quantity.id)
      const fit = serving.find(({ id }) => id === definition.id)
      const shown = fresh ?? own
      if (shown === undefined || fit === undefined) return []
      const { value, low, high, reasons } = shown
      return [
        {
          ...{ quantity, value, low: Math.min(low, value), high: Math.max(high, value) },
          asOf: (fresh ? asOf : (own?.asOf ?? asOf)).toISOString(),
          ...{ reasons: says(reasons), version: fit.version, exact: fresh !== undefined },
          rank: own?.rank ?? null,
        },
      ]
    }),
  )
  const told = new Set(predictions.map(({ quantity }) => quantity.model))
  const silent = models.flatMap(({ id, name }) => {
    if (told.has(id)) return []
    const why = serving.some((fit) => fit.id === id) ? silence(party.kind, id) : 'This model does not serve at present: its card says why.' // prettier-ignore
    return [{ model: id, name, says: why }]
  })
  return { party, predictions, silent }
}

function silence(kind: FoundParty['kind'], id: string): string {
  if (kind === 'account') return 'It speaks of people, not of accounts.'
  if (id === 'purchases' || id === 'value') return 'There was no purchase yet.'
  return 'The question does not arise, or they came after the last scoring.'
}

interface Exact {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly reasons: readonly StoredReason[]
}

async function exactly(
  db: Kysely<unknown>,
  partyId: string,
  serving: readonly ServingFit[],
  { now, horizonDays }: Moment,
): Promise<Map<string, Exact>> {
  const fit = serving.find(({ id }) => id === 'purchases')
  if (fit === undefined) return new Map()
  const history = await purchasesUntil(db, partyId, now)
  if (history === null) return new Map()
  const score = purchaseScorer(fit.parameters.model as StoredPurchaseFit, horizonDays)(history)
  const { alive, purchases, reasons } = score
  return new Map([
    ['alive', { ...alive, reasons }],
    ['purchases', { ...purchases, reasons }],
  ])
}

/** By days (UTC), today included; null where there was no purchase. */
async function purchasesUntil(
  db: Kysely<unknown>,
  partyId: string,
  now: number,
): Promise<PurchaseHistory | null> {
  const { rows } = await sql<{ first: number | null; last: number; days: number }>`
    select min(day)::int as first, max(day)::int as last, count(*)::int as days from (
      select distinct (occurred_at at time zone 'UTC')::date - date '1970-01-01' as day
      from identifier i join touchpoint t on t.subject_id = i.subject_id
      where i.party_id = ${partyId} and not t.bot and t.occurred_at <= ${new Date(now)}
        and t.kind = any(${textArray(purchaseKinds)}::text[])) d`.execute(db)
  const found = rows[0]
  if (found === undefined || found.first === null) return null
  return {
    frequency: found.days - 1,
    recency: (found.last - found.first) / weekDays,
    age: (now / dayMilliseconds - found.first) / weekDays,
  }
}
