import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { subjectIdOf } from '../domain/identifier.ts'
import type { IncomingTouchpoint } from '../domain/touchpoint.ts'
import { freshDatabase, type TestTruth } from '../store/testing.ts'
import { appendNew, ensurePartitions, recentTouchpoints, touchpointsOfSubjects } from './log.ts'
import { testNow, testTouchpoint } from './testing.ts'

let truth: TestTruth
beforeAll(async () => {
  truth = await freshDatabase()
})
afterAll(() => truth.close())

async function append(touchpoints: readonly IncomingTouchpoint[]): Promise<Set<string>> {
  await ensurePartitions(truth.db, touchpoints)
  return truth.db.transaction().execute((transaction) => appendNew(transaction, touchpoints))
}

async function stored(): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from touchpoint`.execute(truth.db)
  return rows[0]?.n ?? -1
}

test('keeps every field, with quotes, emoji, newlines, backslashes and nulls', async () => {
  const touchpoint = testTouchpoint('all-fields', {
    event: 'It\'s "quoted" \\ {a,b} NULL\n🙂',
    score: 0.3333,
    sentiment: -0.5,
    properties: { text: '\\"{}\n\u2028🙂', nested: { list: [1, null, 'x'] }, big: 1e300 },
    context: { page: { url: 'https://x.example/?q=1' } },
  })
  await append([touchpoint])
  const [read] = await touchpointsOfSubjects(truth.db, [touchpoint.subjectId], { limit: 1 })
  expect(touchpoint).toMatchObject({ ...read })
  expect(Object.keys(read ?? {})).toHaveLength(16)
  const nulls = testTouchpoint('nulls', {
    ...{ amountMinor: null, currency: null, score: null, sentiment: null },
    ...{ event: '', bot: true, occurredAt: testNow - 3_599_000 },
  })
  await append([nulls])
  const [second] = await touchpointsOfSubjects(truth.db, [nulls.subjectId], { limit: 1 })
  expect(second).toMatchObject({ id: nulls.id, amountMinor: null, currency: null, bot: true })
})

test('the same id is appended once: within a batch, again, and at the same time', async () => {
  const before = await stored()
  const one = testTouchpoint('twice')
  expect(await append([one, one, testTouchpoint('other')])).toHaveProperty('size', 2)
  expect(await append([one])).toEqual(new Set())
  const ids = Array.from({ length: 200 }, (_, index) => testTouchpoint(`race-${index}`))
  const rounds = await Promise.all([append(ids), append(ids.toReversed()), append(ids)])
  expect(rounds.reduce((sum, { size }) => sum + size, 0)).toBe(200)
  expect(await stored()).toBe(before + 202)
})

test('nothing to append is no statement', async () => {
  expect(await append([])).toEqual(new Set())
})

describe('partitions', () => {
  test('are made for any month from 1990 on, once, also by several at the same time', async () => {
    const months = ['1990-01-01', '2024-02-29T23:59:59.999Z', '2026-12-31T23:59:59.999Z']
    const touchpoints = months.map((time) =>
      testTouchpoint(`month-${time}`, { occurredAt: Date.parse(time) }),
    )
    const other = await freshOpen()
    await Promise.all([
      append(touchpoints),
      ensurePartitions(other, touchpoints),
      ensurePartitions(truth.db, touchpoints),
    ])
    const { rows } = await sql<{ name: string }>`
      select inhrelid::regclass::text as name from pg_inherits
      where inhparent = 'touchpoint'::regclass order by 1`.execute(truth.db)
    const names = rows.map(({ name }) => name)
    expect(names).toContain('touchpoint_y1990m01')
    expect(names).toContain('touchpoint_y2024m02')
    expect(names).toContain('touchpoint_y2026m12')
    expect(new Set(names).size).toBe(names.length)
  })

  test('an append that does not get through leaves its partition and nothing else', async () => {
    const touchpoint = testTouchpoint('rolled back', { occurredAt: Date.parse('2019-05-05') })
    const before = await stored()
    await ensurePartitions(truth.db, [touchpoint])
    const failing = truth.db.transaction().execute(async (transaction) => {
      await appendNew(transaction, [touchpoint])
      await sql`select 1 / 0`.execute(transaction)
    })
    await expect(failing).rejects.toThrow(/division by zero/)
    expect(await stored()).toBe(before)
    expect((await append([touchpoint])).size).toBe(1)
  })
})

/** A second connection pool, as another process would have. */
async function freshOpen(): Promise<TestTruth['db']> {
  const { openTruth } = await import('../store/truth.ts')
  const opened = await openTruth({ databaseUrl: truth.databaseUrl, dataFolder: '' })
  afterAll(() => opened.close())
  return opened.db
}

describe('timelines', () => {
  const subjects = ['ann', 'ben', 'cid'].map((value) =>
    subjectIdOf({ namespace: 'user_id', value }),
  )
  const [ann = '', ben = '', cid = ''] = subjects

  test('pages hold everything once, newest first, across identifiers and equal times', async () => {
    const touchpoints = Array.from({ length: 60 }, (_, index) =>
      testTouchpoint(`timeline-${index}`, {
        subjectId: subjects[index % 3] ?? ann,
        // Three at the same moment, over half a year.
        occurredAt: testNow - Math.floor(index / 3) * 9 * 86_400_000,
        kind: index % 2 === 0 ? 'purchase' : 'page_viewed',
        channel: index % 5 === 0 ? 'email' : 'web',
      }),
    )
    await append(touchpoints)
    const expected = touchpoints
      .filter(({ subjectId }) => subjectId !== cid)
      .toSorted((x, y) => y.occurredAt - x.occurredAt || (x.id < y.id ? 1 : -1))
      .map(({ id }) => id)
    const seen: string[] = []
    let before: { occurredAt: number; id: string } | undefined
    for (;;) {
      const question = { limit: 7, ...(before && { before }) }
      const page = await touchpointsOfSubjects(truth.db, [ann, ben], question)
      seen.push(...page.map(({ id }) => id))
      before = page.at(-1)
      if (page.length < 7) break
    }
    expect(seen).toEqual(expected)
    const filtered = await touchpointsOfSubjects(truth.db, subjects, {
      ...{ kinds: ['purchase'], channels: ['email'], limit: 100 },
    })
    expect(filtered).toHaveLength(6)
    expect(await touchpointsOfSubjects(truth.db, subjects, { kinds: [], limit: 9 })).toEqual([])
  })

  test('what came in last is found, of all sources or one', async () => {
    const late = testTouchpoint('came in last', {
      ...{ receivedAt: testNow + 60_000, occurredAt: Date.parse('2026-01-05'), sourceId: 'shop' },
    })
    await append([late])
    const now = testNow + 61_000
    const [newest] = await recentTouchpoints(truth.db, { limit: 1, now })
    expect(newest?.id).toBe(late.id)
    const ofShop = await recentTouchpoints(truth.db, { sourceId: 'shop', limit: 5, now })
    expect(ofShop.map(({ id }) => id)).toEqual([late.id])
    expect(await recentTouchpoints(truth.db, { limit: 500, now })).toHaveLength(await stored())
  })
})
