/** Predictions over both stores and the demo company: no leak, stored, exact at reading, in segments. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { boughtOn, readLog, type LoggedTouchpoint } from './testing.ts'
import { columnOf, partyAt, type PartyColumns } from './lens-columns.ts'
import { currencyFactors } from '../relationship/field.ts'
import { dayMilliseconds } from '../relationship/duration.ts'
import { featuresOf, kindGroups } from './features.ts'
import { forecastOf } from './purchase/predict-purchases.ts'
import { leaseLength, renewLeases } from './fit-lease.ts'
import { likelyPage, predictionSpread } from './likely.ts'
import { modelCard, modelViews } from './model-views.ts'
import { openReportBench, type ReportBench } from '../../test/report-bench.ts'
import { outcomeColumn, readFeatures } from './feature-columns.ts'
import { predictionsOfParty } from './party-predictions.ts'
import { readPurchases } from './purchase-columns.ts'
import { beginFit, readServing, recordFit } from './model-queries.ts'
import { predictModels } from './predict-models.ts'
import { touchpointOf } from '../identify/testing.ts'
import type { QuantityId } from '../domain/prediction-view.ts'
import type { StoredPurchaseFit } from './alive-interval.ts'
import type { TouchpointKind } from '../domain/touchpoint-kind.ts'

let bench: ReportBench
let log: LoggedTouchpoint[]
const horizonDays = 90

beforeAll(async () => {
  bench = await openReportBench(700)
  log = await readLog(bench)
}, 180_000)
afterAll(() => bench.close())

const today = () => Math.floor(bench.now / dayMilliseconds)
const compiled = async () => (await bench.engine.models.serving(bench.truth.db)).compiled

async function features(back: number): Promise<PartyColumns> {
  await bench.engine.history.exporter.catchUp()
  const { declared, rungs } = await compiled()
  const names = featuresOf(declared.rungs).map(({ id }) => id)
  return readFeatures(bench.engine.history.reader, names, {
    ...{
      history: 'history',
      cutOff: (today() - back) * dayMilliseconds,
      horizonDays,
      atMost: null,
    },
    factors: currencyFactors(declared.currency),
    rungs: rungs.map(({ id }) => id),
    customerRung: rungs.findIndex(({ id }) => id === 'customer'),
  })
}

/** Some people, with what a test wants to happen to them. */
async function happen(partyIds: readonly string[], kind: TouchpointKind, at: number): Promise<void> {
  const { rows } = await sql<{ partyId: string; namespace: string; value: string }>`
    select distinct on (party_id) party_id as "partyId", namespace, value from identifier
    where party_id = any(${`{${partyIds.join(',')}}`}::uuid[]) order by party_id, (namespace = 'user_id') desc, subject_id`.execute(bench.truth.db)
  const touchpoints = rows.map(({ namespace, value }) => ({
    ...touchpointOf({ identifiers: [`${namespace}:x`], ago: (bench.now - at) / 60_000 }),
    ...{ kind, amountMinor: kind === 'purchase' ? 4_900 : null, currency: kind === 'purchase' ? 'EUR' : null },
    identifiers: [{ namespace, value }],
  }))
  const { subjectIdOf } = await import('../domain/identifier.ts')
  await bench.engine.intake.accept({
    sourceId: 'test',
    touchpoints: touchpoints.map((one) => ({ ...one, subjectId: subjectIdOf(one.identifiers[0] ?? { namespace: '', value: '' }) })),
    rejected: [],
  })
} // prettier-ignore

test('features and outcomes are those that a plain count over the log gives', async () => {
  const data = await features(horizonDays)
  expect(data.size).toBeGreaterThan(300)
  const cut = (today() - horizonDays) * dayMilliseconds
  const groups = kindGroups.filter(({ id }) => ['visits', 'learning', 'purchases', 'support'].includes(id)) // prettier-ignore
  const ofParty = Map.groupBy(log, ({ partyId }) => partyId)
  for (let row = 0; row < data.size; row++) {
    const own = ofParty.get(partyAt(data.parties, row)) ?? []
    const before = own.filter(({ at }) => at < cut)
    for (const { id, kinds } of groups) {
      const counted = before.filter(({ kind }) => (kinds as readonly string[]).includes(kind))
      const count = (days: number): number => counted.filter(({ at }) => cut - at < days * dayMilliseconds).length // prettier-ignore
      const found = (name: string): number => Math.round(Math.expm1(columnOf(data, name)[row] ?? 0))
      expect([found(`${id}_30`), found(`${id}_90`), found(`${id}_all`)]).toEqual([count(30), count(90), counted.length]) // prettier-ignore
    }
    const after = own.filter(({ at }) => at >= cut && at < cut + horizonDays * dayMilliseconds)
    const did = (kinds: readonly string[]): number => Number(after.some(({ kind }) => kinds.includes(kind))) // prettier-ignore
    expect(columnOf(data, outcomeColumn('buy'))[row]).toBe(did(['purchase', 'subscription_started', 'subscription_renewed'])) // prettier-ignore
    expect(columnOf(data, outcomeColumn('review'))[row]).toBe(did(['review', 'testimonial']))
    const seen = Math.max(...before.map(({ at }) => at))
    expect(Math.expm1(columnOf(data, 'seen_ago')[row] ?? 0)).toBeCloseTo((cut - seen) / dayMilliseconds, 1) // prettier-ignore
  }
})

test('purchases by days are those of the log, before and after the cut-off', async () => {
  const factors = currencyFactors((await compiled()).declared.currency)
  const data = await readPurchases(bench.engine.history.reader, {
    ...{ history: 'history', today: today(), horizonDays, factors },
  })
  const days = boughtOn(log, today())
  expect(data.size).toBe(days.size)
  const cut = today() - horizonDays
  for (let row = 0; row < data.size; row++) {
    const own = [...(days.get(partyAt(data.parties, row)) ?? [])].sort((one, other) => one - other)
    const before = own.filter((day) => day < cut)
    const found = (name: string): number | undefined => columnOf(data, name)[row]
    expect([found('first'), found('last'), found('days')]).toEqual([own[0], own.at(-1), own.length])
    expect([found('days_before'), found('days_after')]).toEqual([before.length, own.length - before.length]) // prettier-ignore
    if (before.length > 0) expect(found('last_before')).toBe(before.at(-1))
  }
})

test('a planted leak is not used: what comes after the cut-off, and who somebody is by now', async () => {
  const clean = await features(horizonDays)
  const names = featuresOf((await compiled()).declared.rungs).map(({ id }) => id)
  const outcome = columnOf(clean, outcomeColumn('buy'))
  const buyers: string[] = []
  for (let row = 0; row < clean.size; row++) if (outcome[row] === 1) buyers.push(partyAt(clean.parties, row)) // prettier-ignore
  expect(buyers.length).toBeGreaterThan(30)
  const cut = (today() - horizonDays) * dayMilliseconds
  // A touchpoint that just the buyers get, an hour after the cut-off: it would foretell all of them.
  await happen(buyers, 'perk_received', cut + 3_600_000)
  const planted = await features(horizonDays)
  expect(planted.size).toBe(clean.size)
  // Sums of fractions come out in whatever order the lens adds them up: the last bits are free.
  for (const name of names) {
    const [one, other] = [columnOf(planted, name), columnOf(clean, name)]
    const moved = one.findIndex((value, row) => !(Math.abs(value - (other[row] ?? Number.NaN)) <= 1e-9 * (1 + Math.abs(value))) && !(Number.isNaN(value) && Number.isNaN(other[row]))) // prettier-ignore
    expect([name, moved]).toEqual([name, -1])
  }
  // The same before the cut-off would be seen, so this test can fail.
  await happen(buyers, 'perk_received', cut - 3_600_000)
  const before = await features(horizonDays)
  expect(columnOf(before, 'kept_30')).not.toEqual(columnOf(clean, 'kept_30'))
})

test('models are fitted in the background, held against simple rules, and score everybody', async () => {
  const { db } = bench.truth
  await bench.engine.predictions.fit(['purchases', 'buy', 'reference'])
  const views = await modelViews(db, 'EUR')
  const of = (id: string) => views.find((view) => view.id === id)
  expect(of('buy')).toMatchObject({ state: 'serving', version: 1, fitting: null })
  expect(of('purchases')?.version).toBe(1)
  // There are too few references to learn from: it says so and gives no scores.
  expect(of('reference')).toMatchObject({ state: 'refused', scored: 0 })
  expect(of('reference')?.reason).toMatch(/needed/)
  expect(of('churn')).toMatchObject({ state: 'none', version: null })
  const { declared } = await compiled()
  const card = await modelCard(db, 'buy', declared)
  expect(card.backtest?.beatsAll).toBe(true)
  expect(card.backtest?.baselines.every(({ value }) => value > (card.backtest?.model ?? 0))).toBe(
    true,
  )
  expect(card.calibration.reduce((sum, { people }) => sum + people, 0)).toBe(card.backtest?.people)
  expect(card.effects.length).toBeGreaterThan(3)
  expect(card.drift?.scores).toBeGreaterThanOrEqual(0)
  const page = await likelyPage(db, await bench.engine.models.serving(db), { of: 'buy', order: 'most', limit: 20 }) // prettier-ignore
  expect(page.total).toBe(of('buy')?.scored)
  const values = page.people.map(({ value }) => value)
  expect(values).toEqual(values.toSorted((one, other) => other - one))
  for (const { low, value, high, reasons } of page.people) {
    expect(low <= value && value <= high && low >= 0 && high <= 1).toBe(true)
    expect(reasons.length).toBeGreaterThan(0)
  }
  const spread = await predictionSpread(db, 'buy', 'EUR')
  expect(spread.bins.reduce((sum, { people }) => sum + people, 0)).toBe(spread.people)
}, 120_000)

test('a night scores everybody again with what serves, without a fit, and says how far they moved', async () => {
  const { db } = bench.truth
  const before = await likelyPage(db, await bench.engine.models.serving(db), { of: 'buy', order: 'most', limit: 5 }) // prettier-ignore
  await sql`update prediction set value = 0, low = 0 where quantity = 'buy'`.execute(db)
  const told: string[] = []
  const fitted = await predictModels(
    {
      ...{
        db,
        horizonDays,
        now: () => bench.now,
        model: compiled,
        reader: bench.engine.history.reader,
      },
      onChange: () => {},
      onScored: (id) => void told.push(id),
      onError: (error) => expect(error).toBeNull(),
      signal: new AbortController().signal,
    },
    { fit: [], score: ['buy', 'reference'] },
  )
  expect([fitted, told]).toEqual([[], ['buy']])
  const after = await likelyPage(db, await bench.engine.models.serving(db), { of: 'buy', order: 'most', limit: 5 }) // prettier-ignore
  expect(after.people).toEqual(before.people)
  const buy = (await readServing(db)).find(({ id }) => id === 'buy')
  expect([buy?.version, buy?.drift?.features.length]).toEqual([1, 12])
}, 60_000)

test('two processes do not fit the same model at once, and what was interrupted can be fitted again', async () => {
  const { db } = bench.truth
  const first = await beginFit(db, 'review', bench.now)
  expect(first).toBe(1)
  expect(await beginFit(db, 'review', bench.now + leaseLength)).toBeNull()
  // Whoever began it lives, and says so.
  await renewLeases(db, [{ id: 'review', version: 1 }], bench.now + leaseLength)
  expect(await beginFit(db, 'review', bench.now + leaseLength * 2)).toBeNull()
  // Now it is gone: after its lease another one may.
  expect(await beginFit(db, 'review', bench.now + leaseLength * 2 + 1)).toBe(2)
  // A fit that comes after its lease changes nothing: what serves goes on.
  await sql`insert into prediction_model (id, version, state, as_of, started_at) values ('review', 90, 'serving', now(), now())`.execute(db) // prettier-ignore
  const late = { served: true, reason: '', parameters: null, card: emptyCard }
  expect(await recordFit(db, { id: 'review', version: 1 }, late, { asOf: 0, now: 0, milliseconds: 1 })).toBe(false) // prettier-ignore
  const { rows } = await sql<{ state: string }>`select state from prediction_model where id = 'review' order by version`.execute(db) // prettier-ignore
  expect(rows.map(({ state }) => state)).toEqual(['failed', 'fitting', 'serving'])
})

const emptyCard = { method: '', data: [], checks: [], backtest: null, calibration: [], effects: [], parameters: [], notes: [] } // prettier-ignore

test('pages of the list follow each other without gaps, whatever the filter', async () => {
  const { db } = bench.truth
  const tables = await bench.engine.models.serving(db)
  for (const order of ['most', 'least'] as const) {
    const all: string[] = []
    let cursor: string | undefined
    do {
      const page = await likelyPage(db, tables, { of: 'buy', order, limit: 97, cursor, at_least: 0.02 }) // prettier-ignore
      all.push(...page.people.map(({ party }) => party.id))
      expect(page.total).toBeGreaterThanOrEqual(all.length)
      cursor = page.next ?? undefined
      if (cursor === undefined) expect(all.length).toBe(page.total)
    } while (cursor !== undefined)
    expect(new Set(all).size).toBe(all.length)
  }
  await expect(likelyPage(db, tables, { of: 'buy', order: 'most', limit: 5, cursor: "0'; drop" })).rejects.toThrow('cursor') // prettier-ignore
})

test('a purchase is in the prediction of the person at once, by the closed form and without a fit', async () => {
  const { db } = bench.truth
  // Whatever the small demo's backtest says, the arithmetic of reading is looked at here.
  const fit: StoredPurchaseFit = { kind: 'mbgnbd', parameters: { r: 2, alpha: 8, a: 0.3, b: 2 }, logCovariance: null } // prettier-ignore
  const spreads = { scores: { ends: [], shares: [1] }, features: {} }
  await sql`update prediction_model set state = 'retired' where id = 'purchases' and state = 'serving'`.execute(db) // prettier-ignore
  await sql`insert into prediction_model (id, version, state, as_of, started_at, fitted_at, parameters)
    values ('purchases', 90, 'serving', now(), now(), now(), ${JSON.stringify({ model: fit, spreads })}::json)`.execute(db) // prettier-ignore
  expect((await readServing(db)).some(({ id }) => id === 'purchases')).toBe(true)
  const days = boughtOn(log, today() + 1)
  const [buyer, own] = [...days].find(([, set]) => set.size === 4) ?? ['', new Set<number>()]
  const model = await compiled()
  const read = async (id: QuantityId, now: number) => {
    const answer = await predictionsOfParty(db, model, buyer, { now, horizonDays })
    return answer.predictions.find(({ quantity }) => quantity.id === id)
  }
  const [first, last] = [Math.min(...own), Math.max(...own)]
  const forecast = forecastOf(fit.kind, fit.parameters)
  const expected = (now: number, bought: number, newest: number) => {
    const age = (now / dayMilliseconds - first) / 7
    return forecast.alive({ frequency: bought - 1, recency: (newest - first) / 7, age })
  }
  const before = await read('alive', bench.now)
  expect(before).toMatchObject({ exact: true, version: 90 })
  expect(before?.value).toBeCloseTo(expected(bench.now, 4, last), 10)
  // Time alone makes it less likely; a purchase brings it back.
  const later = await read('alive', bench.now + 60 * dayMilliseconds)
  expect(later?.value).toBeLessThan(before?.value ?? 0)
  await happen([buyer], 'purchase', bench.now - 60_000)
  const after = await read('alive', bench.now)
  expect(after?.value).toBeCloseTo(expected(bench.now, 5, today()), 10)
  const purchases = await read('purchases', bench.now)
  expect(purchases?.reasons.map(({ says }) => says)).toContain('Bought on 5 days so far')
})

test('segments ask for stored scores, and follow each scoring with the reason kept', async () => {
  const { db } = bench.truth
  const { createSegment } = await import('../segment/save.ts')
  const id = crypto.randomUUID()
  const rule = { field: 'prediction.buy', operator: 'at_least', value: 50 }
  const model = () => bench.engine.models.serving(db)
  const parts = { db, now: () => bench.now, newId: () => id, model }
  await createSegment(parts, { name: 'Likely', about: '', kind: 'person', by: 'test', tree: { combinator: 'and', rules: [rule] } }) // prettier-ignore
  await bench.engine.segments.build()
  const inside = async () =>
    (await sql<{ id: string }>`select m.party_id as id from segment_build b join segment_member m using (build)
      where b.segment_id = ${id} and b.state = 'serving' and m.inside order by 1`.execute(db)).rows.map((row) => row.id) // prettier-ignore
  const scored = async () =>
    (await sql<{ id: string }>`select q.party_id as id from prediction q join party p on p.id = q.party_id
      where quantity = 'buy' and value >= .5 and merged_into is null order by 1`.execute(db)).rows.map((row) => row.id) // prettier-ignore
  expect(await inside()).toEqual(await scored())
  expect((await inside()).length).toBeGreaterThan(5)
  // Other scores: one comes, one goes, one has none any more.
  const [gone, dropped] = await inside()
  await sql`update prediction set value = .1, low = 0 where quantity = 'buy' and party_id = ${gone}`.execute(
    db,
  )
  await sql`delete from prediction where quantity = 'buy' and party_id = ${dropped}`.execute(db)
  await sql`update prediction set value = .9, high = 1 where quantity = 'buy' and party_id = (
    select party_id from prediction where quantity = 'buy' and value < .2 and party_id <> ${gone} limit 1)`.execute(db) // prettier-ignore
  await bench.engine.segments.scored()
  expect(await inside()).toEqual(await scored())
  const { rows } = await sql<{ what: string }>`select what from segment_change where segment_id = ${id} order by what`.execute(db) // prettier-ignore
  expect(rows.map(({ what }) => what)).toEqual(['entered', 'left', 'left'])
}, 60_000)
