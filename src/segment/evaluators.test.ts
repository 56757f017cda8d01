/** One meaning, two evaluators: what TypeScript says of a party, SQL says of everybody. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addNeeds } from './needs.ts'
import { anySighting, touchpointOf } from '../identify/testing.ts'
import { anyTouchpoint, everyKindModel, testNow } from '../relationship/testing.ts'
import { anyTree } from './testing.ts'
import { askBoth } from './facts.ts'
import { checkTree } from './check-tree.ts'
import { compileTree } from './compile-tree.ts'
import { ensurePartitions } from '../collect/log.ts'
import { ensureFirstModel, ModelCache, type ServingModel } from '../measure/serving-model.ts'
import { freshDatabase, type TestTruth } from '../store/testing.ts'
import { KnownParties } from '../identify/known-parties.ts'
import { printedSeed } from '../../test/seed.ts'
import { readFacts } from './read-facts.ts'
import { takeBatches, type PipelineParts } from '../app/pipeline.ts'
import { verdictsSql } from './everybody.ts'
import type { IncomingTouchpoint } from '../domain/touchpoint.ts'
import type { PartyKind } from '../domain/view.ts'
import type { SegmentCondition } from './node.ts'
import type { SegmentGroup } from '../domain/segment-view.ts'

const seed = printedSeed('segment-evaluators')
let truth: TestTruth
let model: ServingModel

const incoming = fc.record({
  touchpoint: anyTouchpoint,
  sighting: anySighting,
  traits: fc.option(fc.record({ role: fc.constantFrom('owner', 'Rower', 'x'), n: fc.constantFrom<(number | string | null)[]>(3, 4, '3', null), flag: fc.boolean() }, { requiredKeys: [] }), { freq: 3 }),
  account: fc.option(fc.constantFrom('acme', 'bolt', 'core'), { freq: 3 }),
}) // prettier-ignore

beforeAll(async () => {
  truth = await freshDatabase({ poolSize: 4 })
  await ensureFirstModel(truth.db, everyKindModel, 'test')
  const models = new ModelCache()
  model = await models.serving(truth.db)
  const parts: PipelineParts = { db: truth.db, models, knownParties: new KnownParties(), now: () => testNow, newId: randomUUID } // prettier-ignore
  for (let realm = 0; realm < 4; realm++) {
    const drawn = fc.sample(incoming, { numRuns: 150, seed: seed + realm })
    const touchpoints = drawn.map(({ touchpoint, sighting, traits, account }): IncomingTouchpoint => {
      const identity = touchpointOf({ ...sighting, traits, account }, `-${realm}`)
      const { identifiers, subjectId } = identity
      return { ...identity, ...touchpoint, id: randomUUID(), identifiers, subjectId, traits }
    }) // prettier-ignore
    await ensurePartitions(truth.db, touchpoints)
    await takeBatches(parts, [{ sourceId: 'test', touchpoints, rejected: [] }])
  }
})
afterAll(() => truth.close())

async function bySql(condition: SegmentCondition, kind: PartyKind, now: number, sample: boolean) {
  const only = sample
    ? sql`select id from party where id < '80000000-0000-0000-0000-000000000000'`
    : null
  const { rows } = await sql<{ id: string; verdict: number }>`
    select party_id as id, verdict from (${verdictsSql(condition, { model, kind, now, only })}) as v`.execute(
    truth.db,
  )
  return new Map(rows.map(({ id, verdict }) => [id, verdict]))
}

async function byHand(condition: SegmentCondition, kind: PartyKind, now: number) {
  const { rows } = await sql<{ id: string }>`
    select party_id as id from ${sql.table(`relationship_${model.version}`)} where kind = ${kind}`.execute(
    truth.db,
  )
  const needs = addNeeds([condition.needs])
  const ids = rows.map(({ id }) => id)
  return readFacts(truth.db, model, ids, { needs, now, histories: true })
}

function compile(tree: SegmentGroup, kind: PartyKind): SegmentCondition {
  const context = { model: model.compiled, kind, segments: new Map() }
  expect(checkTree(tree, context)).toMatchObject({ ok: true })
  return compileTree(tree, context)
}

const day = 86_400_000

test('random trees, random people: the same verdict', { timeout: 240_000 }, async () => {
  let insiders = 0
  let wakes = 0
  await fc.assert(
    fc.asyncProperty(
      anyTree(),
      fc.constantFrom('person' as const, 'person' as const, 'account' as const),
      fc.constantFrom(0, 1, 3.5 * day, 40 * day),
      fc.boolean(),
      async (tree, kind, later, sample) => {
        const own = kind === 'account' ? { ...tree, rules: tree.rules.map(withoutAccount) } : tree
        const condition = compile(own, kind)
        const now = testNow + later
        const told = await bySql(condition, kind, now, sample)
        const facts = await byHand(condition, kind, now)
        expect(told.size).toBeGreaterThan(sample ? 0 : facts.size - 1)
        for (const [partyId, party] of facts) {
          if (sample && partyId >= '8') continue
          const { low } = askBoth(now)
          const wanted = condition.verdict(party, low)
          const got = told.get(partyId) ?? Number.NaN
          const label = `${condition.says} of ${partyId}: ${got} for ${wanted}`
          expect(got > 0, label).toBe(wanted > 0)
          // Not later than what is exact, and not before now.
          expect(Math.abs(got), label).toBeLessThanOrEqual(Math.abs(wanted) + 1)
          if (wanted > 0) insiders++
          if (Number.isFinite(wanted)) wakes++
        }
      },
    ),
    { seed, numRuns: Number(process.env['RAPPORT_RUNS'] ?? 250), interruptAfterTimeLimit: 200_000 },
  )
  expect(insiders).toBeGreaterThan(100)
  expect(wakes).toBeGreaterThan(100)
})

const withoutAccount = (node: SegmentGroup['rules'][number]): SegmentGroup['rules'][number] =>
  'rules' in node
    ? { ...node, rules: node.rules.map(withoutAccount) }
    : node.field === 'account'
      ? { field: 'seen.touchpoints', operator: 'at_least', value: 3 }
      : node

test('a wake-up is never late: nothing changes before its time', { timeout: 120_000 }, async () => {
  const samples = fc.sample(anyTree(), { numRuns: 60, seed })
  for (const tree of samples) {
    const condition = compile(tree, 'person')
    const facts = await byHand(condition, 'person', testNow)
    for (const party of [...facts.values()].slice(0, 25)) {
      const verdict = condition.verdict(party, askBoth(testNow).low)
      const until = Math.min(Math.abs(verdict) - 1, testNow + 900 * day)
      for (const share of [0.001, 0.02, 0.1, 0.5, 1]) {
        const later = Math.floor(testNow + Math.max(0, until - testNow) * share)
        const then = condition.verdict(party, askBoth(later).low)
        expect(then > 0, `${condition.says} at ${later}`).toBe(verdict > 0)
      }
    }
  }
})
