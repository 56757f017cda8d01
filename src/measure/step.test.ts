import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anySighting, touchpointOf } from '../identify/testing.ts'
import { anyTouchpoint, differencesOf, everyKindModel, testNow } from '../relationship/testing.ts'
import { createIdentityActions } from '../app/identity-actions.ts'
import { lockIdentity } from '../app/identity-lock.ts'
import { withRetries } from '../app/retry.ts'
import { freshDatabase, type TestTruth } from '../store/testing.ts'
import { standingOf } from '../relationship/standing.ts'
import { KnownParties } from '../identify/known-parties.ts'
import { subjectIdOf } from '../domain/identifier.ts'
import { takeBatches, type PipelineParts } from '../app/pipeline.ts'
import { ensureFirstModel, ModelCache, type ServingModel } from './serving-model.ts'
import { rowsOfParties } from './relationship-queries.ts'
import { rewriteSomeHistory } from './rewrite-history.ts'
import { settleDue } from './timer.ts'
import type { IncomingTouchpoint } from '../domain/touchpoint.ts'
import type { RelationshipRow } from './standing-row.ts'

let truth: TestTruth
let parts: PipelineParts
let model: ServingModel
beforeAll(async () => {
  truth = await freshDatabase({ poolSize: 6 })
  await ensureFirstModel(truth.db, everyKindModel, 'test')
  const models = new ModelCache()
  model = await models.serving(truth.db)
  const knownParties = new KnownParties()
  parts = { db: truth.db, models, knownParties, now: () => testNow, newId: randomUUID }
})
afterAll(() => truth.close())

const take = (...touchpoints: IncomingTouchpoint[]): Promise<unknown> =>
  takeBatches(parts, [{ sourceId: 'test', touchpoints, rejected: [] }])
/** What the clockwork does meanwhile. */
async function lookAfter(): Promise<void> {
  for (const work of [settleDue, rewriteSomeHistory]) {
    await withRetries(() =>
      truth.db.transaction().execute(async (transaction) => {
        await lockIdentity(transaction, false)
        await work(transaction, model, testNow)
      }),
    )
  }
}

const actions = () => createIdentityActions({ ...parts, onMeasured: () => {} })
const by = { name: 'Mo', reason: 'a test' }

/** What somebody did, with the identifiers and the account that it carried. */
const anyIncoming = fc.record({
  touchpoint: anyTouchpoint,
  sighting: anySighting,
  account: fc.option(fc.constantFrom('acme', 'bolt', 'core'), { freq: 3 }),
})

function incoming(
  { touchpoint, sighting, account }: typeof anyIncoming extends fc.Arbitrary<infer T> ? T : never,
  realm: string,
): IncomingTouchpoint {
  const identity = touchpointOf({ ...sighting, account, traits: null }, realm)
  const { identifiers, subjectId } = identity
  return { ...identity, ...touchpoint, id: randomUUID(), identifiers, subjectId }
}

/** Touchpoints of each party as identity has it now; an account's are those of its people. */
async function logsOf(
  touchpoints: readonly IncomingTouchpoint[],
): Promise<Map<string, IncomingTouchpoint[]>> {
  const { rows } = await sql<{ subject: string; party: string }>`
    select subject_id as subject, party_id as party from identifier`.execute(truth.db)
  const partyOf = new Map(rows.map(({ subject, party }) => [subject, party]))
  const counted = touchpoints.filter(({ bot }) => !bot)
  const logs = Map.groupBy(counted, ({ subjectId }) => partyOf.get(subjectId) ?? '')
  const members = new Map<string, Set<string>>()
  for (const { subjectId, account } of touchpoints) {
    if (!account) continue
    const party = partyOf.get(subjectIdOf(account)) ?? ''
    members.set(party, (members.get(party) ?? new Set()).add(partyOf.get(subjectId) ?? ''))
  }
  for (const [account, people] of members) {
    const log = [...people].flatMap((person) => logs.get(person) ?? [])
    if (log.length > 0) logs.set(account, log)
  }
  return logs
}

async function allRows(): Promise<Map<string, RelationshipRow>> {
  const { rows } = await sql<{ id: string }>`
    select party_id as id from ${sql.table(`relationship_${model.version}`)}`.execute(truth.db)
  const found = await rowsOfParties(
    truth.db,
    model,
    rows.map(({ id }) => id),
  )
  return new Map(found.map((row) => [row.partyId, row]))
}

async function clear(): Promise<void> {
  await sql`truncate identifier, identity_link, identity_decision, membership, party, trait,
    transition, history_due, ${sql.table(`relationship_${model.version}`)}`.execute(truth.db)
}

async function checkStates(touchpoints: readonly IncomingTouchpoint[]): Promise<void> {
  const logs = await logsOf(touchpoints)
  const rows = await allRows()
  const { rows: alive } = await sql<{ id: string; kind: string }>`
    select id, kind from party where merged_into is null`.execute(truth.db)
  const kindOf = new Map(alive.map(({ id, kind }) => [id, kind]))
  for (const [party, log] of logs) {
    expect(differencesOf(model.compiled, log, rows.get(party)?.state)).toEqual([])
    expect(rows.get(party)?.kind).toBe(kindOf.get(party))
  }
  for (const [party, row] of rows) {
    expect(kindOf.has(party), 'only the living have a row').toBe(true)
    expect(row.state.some((part) => part !== null)).toBe(true)
    expect(logs.has(party)).toBe(true)
  }
}

/** Rung, colour and wake-up of every row are what the state says at `now`. */
async function checkStandings(now: number): Promise<void> {
  for (const row of (await allRows()).values()) {
    const { rung, health, wakeAt } = standingOf(model.compiled, row.state, now)
    expect({ rung: row.rung, health: row.health }).toEqual({ rung, health })
    expect(row.rungSince).toBeGreaterThan(0)
    if (wakeAt !== null) expect(row.wakeAt ?? Infinity).toBeLessThanOrEqual(wakeAt)
  }
}

/** Each row's last transitions lead to where it stands, and each begins where the last one ended. */
async function checkTransitions(): Promise<void> {
  const { rows } = await sql<{ party: string; what: string; from: string | null; to: string }>`
    select party_id as party, what, from_value as "from", to_value as "to" from transition
    order by id`.execute(truth.db)
  const lists = Map.groupBy(rows, ({ party, what }) => `${party} ${what}`)
  for (const row of (await allRows()).values()) {
    const rungs = lists.get(`${row.partyId} rung`) ?? []
    expect(rungs.at(-1)?.to).toBe(model.compiled.rungs[row.rung]?.id)
    const colours = lists.get(`${row.partyId} health`) ?? []
    expect(colours.at(-1)?.to ?? 'green').toBe(row.health)
    for (const list of [rungs, colours]) {
      list.slice(1).forEach(({ from }, i) => expect(from).toBe(list[i]?.to))
    }
  }
}

type Step =
  | { do: 'take'; batch: Parameters<typeof incoming>[0][]; at: 'once' | 'same time' }
  | { do: 'merge' | 'split' | 'undo'; one: number; other: number }

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('take' as const),
      batch: fc.array(anyIncoming, { minLength: 1, maxLength: 6, size: 'max' }),
      at: fc.constantFrom('once' as const, 'same time' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('merge' as const, 'split' as const, 'undo' as const),
      one: fc.nat(),
      other: fc.nat(),
    }),
  },
)

async function decide(step: { do: 'merge' | 'split' | 'undo'; one: number; other: number }) {
  if (step.do === 'undo') {
    const { rows } = await sql<{ id: string }>`
      select id::text as id from identity_decision d
      where by <> 'rule' and action in ('merge', 'split')
        and not exists (select 1 from identity_decision u where u.undoes = d.id)`.execute(truth.db)
    const taken = rows[step.one % rows.length]
    if (taken) await actions().undo(taken.id, by)
    return
  }
  const { rows } = await sql<{ id: string; kind: string; subjects: string[] }>`
    select p.id, p.kind, array_agg(i.subject_id::text order by i.subject_id) as subjects
    from party p join identifier i on i.party_id = p.id group by p.id order by p.id`.execute(
    truth.db,
  )
  const one = rows[step.one % rows.length]
  const other = rows[step.other % rows.length]
  if (!one || !other) return
  if (step.do === 'merge' && one !== other && one.kind === other.kind) {
    await actions().merge(one.id, other.id, by)
  }
  if (step.do === 'split' && one.subjects.length > 1) {
    await actions().split(
      one.id,
      one.subjects.slice(0, 1 + (step.other % (one.subjects.length - 1))),
      by,
    )
  }
}

describe('measuring', () => {
  test('any batches, merges and splits leave the fold of what each party has', async () => {
    const history = fc.array(anyStep, { minLength: 3, maxLength: 25, size: 'max' })
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        await clear()
        const realm = randomUUID()
        const taken: IncomingTouchpoint[] = []
        for (const step of steps) {
          if (step.do !== 'take') {
            await decide(step)
            continue
          }
          const batch = step.batch.map((some) => incoming(some, realm))
          taken.push(...batch)
          if (step.at === 'once') await take(...batch)
          else await Promise.all([...batch.map((touchpoint) => take(touchpoint)), lookAfter()])
        }
        await checkStates(taken)
        await settleDue(truth.db, model, testNow)
        await checkStandings(testNow)
        while ((await rewriteSomeHistory(truth.db, model, testNow)) > 0) continue
        await checkStates(taken)
        await checkStandings(testNow)
        await checkTransitions()
      }),
      { numRuns: 40, interruptAfterTimeLimit: 100_000 },
    )
  }, 120_000)
})
