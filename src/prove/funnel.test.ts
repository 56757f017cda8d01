import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { funnelLevel, funnelSteps } from './funnel.ts'
import { openLens } from '../store/lens.ts'
import { seededRandom } from '../math/random.ts'

interface Event {
  readonly time: number
  readonly fulfils: number
}
const columns = (events: readonly Event[]) => ({
  times: events.map(({ time }) => time),
  fulfils: events.map(({ fulfils }) => fulfils),
})

/** The longest chain by trying all: steps in order, times not falling, all within the window. */
function longestChain(events: readonly Event[], stepCount: number, window: number): number {
  const from = (step: number, time: number, end: number): number => {
    if (step === stepCount) return step
    const levels = events
      .filter((event) => event.fulfils & (1 << step) && event.time >= time && event.time <= end)
      .map((event) => from(step + 1, event.time, step === 0 ? event.time + window : end))
    return Math.max(step, ...levels)
  }
  return from(0, -Infinity, Infinity)
}

const anyEvent = fc.record({
  time: fc.integer({ min: 0, max: 15 }),
  fulfils: fc.integer({ min: 0, max: 15 }),
})

test('the level is the longest chain there is', () => {
  const events = fc.array(anyEvent, { maxLength: 10 })
  fc.assert(
    fc.property(events, fc.integer({ min: 0, max: 15 }), (given, window) => {
      const level = funnelLevel(columns(given), { stepCount: 4, window })
      expect(level).toBe(longestChain(given, 4, window))
    }),
    { numRuns: 500 },
  )
})

test('windowFunnel of the lens says the same of each person', async () => {
  const random = seededRandom('funnel')
  const people = Array.from({ length: 400 }, () =>
    Array.from({ length: random.integer(12) + 1 }, () => ({
      time: random.integer(20),
      fulfils: random.integer(16) & random.integer(16),
    })),
  )
  const dataFolder = mkdtempSync(join(tmpdir(), 'rapport-funnel-'))
  const lens = openLens({ dataFolder })
  try {
    const client = await lens.client()
    await client.command({
      query: 'create table event (party Int64, at UInt64, fulfils UInt32) engine = Memory',
    })
    await client.insert({
      table: 'event',
      format: 'JSONEachRow',
      values: people.flatMap((events, party) =>
        events.map(({ time, fulfils }) => ({ party, at: time, fulfils })),
      ),
    })
    for (const window of [0, 3, 8, 30]) {
      const result = await client.query({
        query: `select party, windowFunnel(${window})(at, bitTest(fulfils, 0),
          bitTest(fulfils, 1), bitTest(fulfils, 2), bitTest(fulfils, 3)) as level
          from event group by party order by party`,
        format: 'JSONEachRow',
      })
      const levels = (await result.json<{ level: number }>()).map(({ level }) => level)
      expect(levels).toEqual(
        people.map((events) => funnelLevel(columns(events), { stepCount: 4, window })),
      )
      expect(new Set(levels).size).toBeGreaterThan(2)
    }
  } finally {
    await lens.close()
    rmSync(dataFolder, { recursive: true, force: true })
  }
})

test('shares of a funnel, of the first step and of the one before', () => {
  const [visit, trial, pay] = funnelSteps(['visit', 'trial', 'pay'], [50, 60, 30, 10])
  expect([visit?.count, trial?.count, pay?.count]).toEqual([100, 40, 10])
  expect(visit?.ofPrevious).toBeNull()
  expect(pay?.ofFirst?.value).toBe(0.1)
  expect(pay?.ofPrevious?.value).toBe(0.25)
  // Wilson 1927, 10 of 100.
  expect(pay?.ofFirst?.low).toBeCloseTo(0.0552, 4)
  expect(pay?.ofFirst?.high).toBeCloseTo(0.1744, 4)
  expect(funnelSteps(['visit', 'pay'], [7]).map(({ ofFirst }) => ofFirst)).toEqual([null, null])
  expect(() => funnelLevel(columns([]), { stepCount: 0, window: 1 })).toThrow('steps')
})
