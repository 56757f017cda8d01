/** Possible duplicates from the first touchpoint to a merge that is taken back, over HTTP. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWholeServer, type WholeServer } from './whole-server.ts'
import type { MergeSearchView, MergeSuggestionPage, MergePreview } from '../src/domain/merge-suggestion-view.ts' // prettier-ignore

let server: WholeServer
beforeAll(async () => {
  server = await startWholeServer()
}, 60_000)
afterAll(() => server.close())

/** @param body null: none is sent */
async function ask<Answer>(
  path: string,
  body: object | null,
  key = server.apiKey,
): Promise<{ status: number; answer: Answer }> {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === null ? {} : { 'content-type': 'application/json' }),
    },
    body: body === null ? null : JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, answer: (text === '' ? null : JSON.parse(text)) as Answer }
}

const first = ['Ada', 'Grace', 'Emmy', 'Sofja', 'Lise', 'Rosalind', 'Hedy', 'Jane']
const last = ['Lovelace', 'Hopper', 'Noether', 'Kowalewska', 'Meitner', 'Franklin']

async function meet(userId: string | null, anonymousId: string, traits: object): Promise<void> {
  const basic = Buffer.from(`${server.writeKey}:`).toString('base64')
  const identity = userId === null ? { anonymousId } : { userId }
  const batch = [
    { type: 'identify', ...identity, messageId: `i-${userId ?? anonymousId}`, traits },
    { type: 'page', ...identity, messageId: `p-${userId ?? anonymousId}`, name: 'Pricing' },
  ]
  const response = await fetch(`${server.url}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/json' },
    body: JSON.stringify({ batch }),
  })
  expect(response.status).toBe(200)
}

const list = (): Promise<MergeSuggestionPage> => server.read('/api/merge-suggestions')

test('found, looked at, merged, taken back, dismissed, and merged by itself only where told to', async () => {
  const traitsOf = (i: number, j: number) => ({
    ...{
      firstName: first[i],
      lastName: last[j],
      birthday: `19${60 + i}-0${j + 1}-1${i}`,
    },
    address: { postalCode: `1${i}0${j}5`, city: 'Berlin' },
  })
  for (const [i] of first.entries())
    for (const [j] of last.entries()) await meet(`u${i}${j}`, '', traitsOf(i, j))
  // The first six came again, not signed in, one of them as another user.
  for (const k of [0, 1, 2, 3, 4]) await meet(null, `anonymous-${k}`, traitsOf(k, k))
  await meet('u55-again', '', traitsOf(5, 5))

  const { status, answer } = await ask<MergeSearchView>('/api/merge-suggestions/search', {})
  expect({ status, found: answer.found, people: answer.people }).toEqual({ status: 200, found: 6, people: 54 }) // prettier-ignore
  const { suggestions, open } = await list()
  expect(open).toBe(6)
  expect(suggestions.filter(({ bothKnown }) => bothKnown)).toHaveLength(1)

  const unknown = suggestions.filter(({ bothKnown }) => !bothKnown)
  const [taken, dismissed] = unknown
  const path = `/api/merge-suggestions/${taken?.id ?? ''}`
  const preview = await server.read<MergePreview>(`${path}/preview`)
  expect(preview.displayName).toBe(taken?.one.displayName)
  expect(preview.identifiers.map(({ namespace }) => namespace).toSorted()).toEqual(['anonymous_id', 'user_id']) // prettier-ignore

  const merged = await ask<{ parties: string[] }>(`${path}/accept`, {})
  expect(merged).toMatchObject({ status: 200, answer: { parties: [expect.any(String)] } })
  expect((await ask(`${path}/accept`, {})).status).toBe(409)
  const living = merged.answer.parties[0] ?? ''
  const { decisions } = await server.read<{ decisions: { id: string; reason: string }[] }>(`/api/parties/${living}/identity`) // prettier-ignore
  expect(decisions[0]?.reason).toMatch(/^Suggested as \d+\.\d % likely: same name/)
  const undone = await ask<{ parties: string[] }>(`/api/identity/decisions/${decisions[0]?.id ?? ''}/undo`, {}) // prettier-ignore
  expect(undone.answer.parties).toHaveLength(2)

  expect((await ask(`/api/merge-suggestions/${dismissed?.id ?? ''}/dismiss`, {})).status).toBe(204)
  expect((await list()).open).toBe(4)

  // Neither what was taken back nor what was dismissed comes again; nor are known users joined unasked.
  await ask('/api/merge-suggestions/search', { mergeAbove: 0.9 })
  const after = await list()
  expect(after.suggestions.map(({ bothKnown }) => bothKnown)).toEqual([true])
  expect(await server.readParty('user_id:u55')).not.toBeNull()
  expect((await server.readParty('user_id:u55'))?.id).not.toBe(
    (await server.readParty('user_id:u55-again'))?.id,
  )
}, 60_000)

test('what is done in the background needs no body', async () => {
  expect((await ask('/api/merge-suggestions/search', null)).status).toBe(200)
  expect((await ask('/api/predictions/fit', null)).status).toBe(202)
  expect((await ask('/api/predictions/models/buy/fit', null)).status).toBe(202)
})

test('asks for a key, and refuses what does not fit', async () => {
  expect((await ask('/api/merge-suggestions/search', {}, 'rk_wrong')).status).toBe(401)
  expect((await ask('/api/merge-suggestions/search', { mergeAbove: 0.1 })).status).toBe(400)
  expect((await ask('/api/merge-suggestions/00000000-0000-4000-8000-000000000000/accept', {})).status).toBe(404) // prettier-ignore
})
