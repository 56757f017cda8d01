import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addTouchpoint, emptyState } from '../relationship/fold.ts'
import { anyTouchpoint, everyKindModel, testNow } from '../relationship/testing.ts'
import { dayMilliseconds } from '../relationship/duration.ts'
import { KnownParties } from '../identify/known-parties.ts'
import { freshDatabase, type TestTruth } from '../store/testing.ts'
import { healthOf, rungOf } from '../relationship/standing.ts'
import { takeBatches, type PipelineParts } from '../app/pipeline.ts'
import { touchpointOf } from '../identify/testing.ts'
import { nextWake } from './relationship-queries.ts'
import { rewriteSomeHistory } from './rewrite-history.ts'
import { ensureFirstModel, ModelCache, type ServingModel } from './serving-model.ts'
import { settleDue } from './timer.ts'
import type { IncomingTouchpoint } from '../domain/touchpoint.ts'

const hour = dayMilliseconds / 24

let truth: TestTruth
let parts: PipelineParts
let model: ServingModel
let clock = testNow
beforeAll(async () => {
  truth = await freshDatabase()
  await ensureFirstModel(truth.db, everyKindModel, 'test')
  const models = new ModelCache()
  model = await models.serving(truth.db)
  const knownParties = new KnownParties()
  parts = { db: truth.db, models, knownParties, now: () => clock, newId: randomUUID }
})
afterAll(() => truth.close())

/** What somebody did in the last ninety days, robots left out. */
const anyLog = fc.array(
  fc.record({
    touchpoint: anyTouchpoint,
    at: fc.oneof(
      fc.integer({ min: testNow - 90 * dayMilliseconds, max: testNow }),
      fc.constantFrom(testNow - 80 * dayMilliseconds, testNow - 80 * dayMilliseconds + 1),
    ),
  }),
  { minLength: 1, maxLength: 14, size: 'max' },
)

type Log = typeof anyLog extends fc.Arbitrary<infer T> ? T : never

function personOf(log: Log): { partyId: () => Promise<string>; touchpoints: IncomingTouchpoint[] } {
  const identity = touchpointOf({ identifiers: ['user_id:1'], ago: 0 }, randomUUID())
  const { identifiers, subjectId } = identity
  const touchpoints = log.map(({ touchpoint, at }) => ({
    ...identity, ...touchpoint, id: randomUUID(), occurredAt: at, bot: false, identifiers, subjectId,
  })) // prettier-ignore
  const partyId = async (): Promise<string> => {
    const { rows } = await sql<{ id: string }>`
      select party_id as id from identifier where subject_id = ${subjectId}::uuid`.execute(truth.db)
    return rows[0]?.id ?? ''
  }
  return { partyId, touchpoints }
}

interface Told {
  readonly at: number
  readonly what: 'rung' | 'health'
  readonly from: string | null
  readonly to: string
}

async function transitionsOf(partyId: string): Promise<Told[]> {
  const { rows } = await sql<Omit<Told, 'at'> & { at: Date }>`
    select at, what, from_value as "from", to_value as "to" from transition
    where party_id = ${partyId}::uuid order by id`.execute(truth.db)
  return rows.map((row) => ({ ...row, at: row.at.getTime() }))
}

/** Rung and colour at a moment, as the transitions tell. */
function toldAt(
  transitions: readonly Told[],
  at: number,
): { rung: string | undefined; health: string } {
  const last = (wanted: string): string | undefined =>
    transitions.findLast((told) => told.what === wanted && told.at <= at)?.to
  return { rung: last('rung'), health: last('health') ?? 'green' }
}

/** Rung and colour at a moment, from the touchpoints up to then: no curves, no wake-ups. */
function trueAt(touchpoints: readonly IncomingTouchpoint[], at: number) {
  const state = emptyState(model.compiled)
  const past = touchpoints.filter(({ occurredAt }) => occurredAt <= at)
  for (const touchpoint of past) addTouchpoint(model.compiled, state, touchpoint)
  if (past.length === 0) return { rung: undefined, health: 'green' }
  const rung = model.compiled.rungs[rungOf(model.compiled, state, at)]?.id
  return { rung, health: healthOf(model.compiled, state, at) as string }
}

/** Every hour, and a millisecond around everything that is told. */
function expectTold(
  transitions: readonly Told[],
  touchpoints: readonly IncomingTouchpoint[],
  { from, until }: { from: number; until: number },
): void {
  const moments = transitions.flatMap(({ at }) => [at - 1, at])
  for (let at = from; at <= until; at += hour) moments.push(at)
  for (const at of moments.filter((some) => some >= from && some <= until)) {
    expect({ at, ...toldAt(transitions, at) }).toEqual({ at, ...trueAt(touchpoints, at) })
  }
}

describe('history', () => {
  test('rewritten, it tells every change at its moment, whatever order touchpoints came in', async () => {
    const arrivals = anyLog.chain((log) =>
      fc.tuple(fc.shuffledSubarray(log, { minLength: log.length }), fc.integer({ min: 1, max: 5 })),
    )
    await fc.assert(
      fc.asyncProperty(arrivals, async ([log, size]) => {
        clock = testNow
        const { partyId, touchpoints } = personOf(log)
        for (let i = 0; i < touchpoints.length; i += size) {
          const batch = touchpoints.slice(i, i + size)
          await takeBatches(parts, [{ sourceId: 'test', touchpoints: batch, rejected: [] }])
        }
        while ((await rewriteSomeHistory(truth.db, model, clock)) > 0) continue
        const transitions = await transitionsOf(await partyId())
        expectTold(transitions, touchpoints, {
          from: testNow - 91 * dayMilliseconds,
          until: testNow,
        })
        // None is told that changes nothing.
        for (const { from, to } of transitions) expect(from).not.toBe(to)
      }),
      { numRuns: 40, interruptAfterTimeLimit: 50_000 },
    )
  }, 70_000)
})

describe('time alone', () => {
  /** Settles what is due whenever the clock reaches a wake-up, as the clockwork does. */
  async function wakeUntil(until: number): Promise<void> {
    for (;;) {
      const wake = await nextWake(truth.db, model.version)
      if (wake === null || wake > until) break
      clock = Math.max(clock, wake)
      await truth.db.transaction().execute((db) => settleDue(db, model, clock))
    }
    clock = until
  }

  async function sleepUntil(until: number): Promise<void> {
    clock = until
    while ((await settleDue(truth.db, model, clock)).parties.length > 0) continue
  }

  test.each([
    ['awake all the time', wakeUntil],
    ['after a sleep of two months', sleepUntil],
  ])(
    'changes rung and colour at the computed moment, none early, none missed: %s',
    async (_, pass) => {
      await fc.assert(
        fc.asyncProperty(anyLog, async (log) => {
          await sql`truncate ${sql.table(`relationship_${model.version}`)}, transition, history_due`.execute(
            truth.db,
          )
          clock = testNow
          const { partyId, touchpoints } = personOf(log)
          await takeBatches(parts, [{ sourceId: 'test', touchpoints, rejected: [] }])
          await pass(testNow + 60 * dayMilliseconds)
          const transitions = await transitionsOf(await partyId())
          const [first] = transitions
          // Live, the first is told at the newest touchpoint; from now on each has its own moment.
          expect(first?.at).toBe(Math.max(...touchpoints.map(({ occurredAt }) => occurredAt)))
          expectTold(transitions, touchpoints, { from: testNow, until: clock })
        }),
        { numRuns: 40, interruptAfterTimeLimit: 50_000 },
      )
    },
    70_000,
  )

  test('costs nothing where nothing is due', async () => {
    expect((await settleDue(truth.db, model, 0)).parties).toEqual([])
  })
})
