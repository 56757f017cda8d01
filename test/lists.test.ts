/** Pages of people: whoever pages through sees everybody once, in the order that was asked for. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collectBatch } from '../src/collect/collect-batch.ts'
import { createEngine } from '../src/app/compose.ts'
import { createLive } from '../src/app/live.ts'
import { freshDatabase, type TestTruth } from '../src/store/testing.ts'
import { listParties, type PartyQuery } from '../src/measure/read/list-parties.ts'
import { openLens } from '../src/store/lens.ts'
import { readConfig } from '../src/app/config.ts'
import { seededRandom } from '../src/math/random.ts'
import type { Engine } from '../src/app/engine.ts'
import type { PartySummary } from '../src/domain/view.ts'

const now = Date.parse('2026-11-23T12:00:00.000Z')
const people = 120

let truth: TestTruth
let folder: string
let engine: Engine

beforeAll(async () => {
  truth = await freshDatabase()
  folder = mkdtempSync(`${tmpdir()}/rapport-lists-`)
  const config = readConfig({ RAPPORT_DATA: folder })
  const parts = { config, truth, lens: openLens({ dataFolder: folder }), live: createLive() }
  engine = await createEngine(parts, { now: () => now })
  const random = seededRandom(3)
  const events = ['Order Completed', 'Subscription Started', 'Product Viewed', 'Feature Used']
  const batch = Array.from({ length: people }, (_, i) => ({
    ...{ type: 'track', messageId: randomUUID(), userId: `u-${i}`, event: random.choice(events) },
    // Many were last seen in the same hour, and some at the same moment; some are called the same.
    timestamp: new Date(now - random.integer(12) * 1_800_000).toISOString(),
    context: { traits: { name: `Person ${random.integer(40)}` } },
    properties: { total: 9, currency: 'EUR' },
  }))
  const circumstances = { sourceId: 'web', receivedAt: now, makeMessageId: randomUUID }
  const collected = collectBatch(
    { json: { batch }, rejected: [] },
    { ...circumstances, shape: 'batch' },
  )
  await engine.intake.accept(collected)
})
afterAll(async () => {
  await engine.stop()
  await truth.close()
  rmSync(folder, { recursive: true, force: true })
})

async function pages(query: Omit<PartyQuery, 'kind' | 'limit'>, limit: number) {
  const model = await engine.models.serving(truth.db)
  const all: PartySummary[] = []
  let cursor: string | undefined
  do {
    const page = await listParties(
      truth.db,
      model,
      { kind: 'person', ...query, limit, cursor },
      now,
    )
    expect(page.parties.length).toBeLessThanOrEqual(limit)
    all.push(...page.parties)
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  return all
}

describe.each(['recent', 'name', 'rung'] as const)('by %s', (sort) => {
  test('everybody comes once, whatever the length of the pages', async () => {
    const whole = (await pages({ sort }, 200)).map(({ id }) => id)
    expect(new Set(whole).size).toBe(people)
    for (const limit of [1, 7, 50]) {
      expect((await pages({ sort }, limit)).map(({ id }) => id)).toEqual(whole)
    }
  })

  test('of one rung, and of one health', async () => {
    const all = await pages({ sort }, 200)
    for (const rung of new Set(all.map((party) => party.rung.id))) {
      const those = all.filter((party) => party.rung.id === rung).map(({ id }) => id)
      expect((await pages({ sort, rung }, 9)).map(({ id }) => id)).toEqual(those)
    }
    const green = all.filter(({ health }) => health === 'green').map(({ id }) => id)
    expect((await pages({ sort, health: 'green' }, 11)).map(({ id }) => id)).toEqual(green)
  })
})

test('by rung, the highest come first, and on each those who were seen last', async () => {
  const { compiled } = await engine.models.serving(truth.db)
  const rank = new Map(compiled.rungs.map(({ id }, i) => [id, i]))
  const all = await pages({ sort: 'rung' }, 13)
  const keys = all.map(({ rung, lastSeenAt }) => [
    rank.get(rung.id) ?? 0,
    Date.parse(lastSeenAt ?? ''),
  ])
  const sorted = keys.toSorted(([a = 0, b = 0], [c = 0, d = 0]) => c - a || d - b)
  expect(keys).toEqual(sorted)
  expect(new Set(keys.map(([rung]) => rung)).size).toBeGreaterThan(1)
})
