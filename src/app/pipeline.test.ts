import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from 'kysely'
import { createIdentityActions } from './identity-actions.ts'
import { ensureFirstModel, ModelCache } from '../measure/serving-model.ts'
import { everyKindModel } from '../relationship/testing.ts'
import { freshDatabase, type TestTruth } from '../store/testing.ts'
import { implicitMeasures } from '../relationship/measure-table.ts'
import { KnownParties } from '../identify/known-parties.ts'
import { partiesIn, testNow, touchpointOf } from '../identify/testing.ts'
import { rowsOfParties } from '../measure/relationship-queries.ts'
import { subjectIdOf } from '../domain/identifier.ts'
import { takeBatches, type PipelineParts } from './pipeline.ts'

let truth: TestTruth
beforeAll(async () => {
  truth = await freshDatabase()
  await ensureFirstModel(truth.db, everyKindModel, 'test')
})
afterAll(() => truth.close())

/** A process of its own, as far as what it remembers goes. */
const newProcess = (): PipelineParts => ({
  db: truth.db,
  models: new ModelCache(),
  knownParties: new KnownParties(),
  now: () => testNow,
  newId: randomUUID,
})

async function see(parts: PipelineParts, user: string, ago = 0): Promise<void> {
  const touchpoints = [touchpointOf({ identifiers: [`user_id:${user}`], ago })]
  await takeBatches(parts, [{ sourceId: 'test', touchpoints, rejected: [] }])
}

const subjectOf = (user: string): string => subjectIdOf({ namespace: 'user_id', value: user })

async function partyOf(user: string): Promise<string> {
  return (await partiesIn(truth.db, [subjectOf(user)])).get(subjectOf(user)) as string
}

/** Touchpoints that are measured for whoever the user is now. */
async function touchpointsOf(user: string): Promise<unknown> {
  const model = await new ModelCache().serving(truth.db)
  const [row] = await rowsOfParties(truth.db, model, [await partyOf(user)])
  return row?.state[model.compiled.byId.get(implicitMeasures.touchpoints)?.index ?? -1]
}

test('what a process remembers of a person ends where anybody merges them', async () => {
  const [one, other] = [newProcess(), newProcess()]
  for (const user of ['ann', 'ann', 'anna']) await see(one, user)
  const actions = createIdentityActions({ ...other, onMeasured: () => {} })
  const by = { name: 'Mo', reason: 'a test' }
  await actions.merge(await partyOf('ann'), await partyOf('anna'), by)
  expect(await partyOf('ann')).toBe(await partyOf('anna'))
  for (const user of ['ann', 'anna']) await see(one, user)
  expect(await touchpointsOf('ann')).toBe(5)
})

test('a remembered person who turns out to have been there before is seen first then', async () => {
  const parts = newProcess()
  for (const ago of [5, 5, 90, 30]) await see(parts, 'ben', ago)
  const { rows } = await sql<{ at: Date }>`
    select first_seen_at as at from identifier where subject_id = ${subjectOf('ben')}`.execute(
    truth.db,
  )
  expect(rows[0]?.at).toEqual(new Date(testNow - 90 * 60_000))
})

test('nothing is remembered of a batch that was rolled back', async () => {
  const parts = newProcess()
  const failing = { ...parts, now: () => Number.NaN }
  await expect(see(failing, 'cem')).rejects.toThrow()
  await see(parts, 'cem')
  expect(await touchpointsOf('cem')).toBe(1)
})
