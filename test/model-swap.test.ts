/** A model is changed while the team reads and touchpoints come in: nobody notices but by the result. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from 'kysely'
import { sweepModelTables } from '../src/measure/model-tables.ts'
import { startWholeServer, type WholeServer } from './whole-server.ts'

const saas = readFileSync(new URL('../models/saas.yaml', import.meta.url), 'utf8')
const creator = readFileSync(new URL('../models/creator.yaml', import.meta.url), 'utf8')
const people = 30

let server: WholeServer
beforeAll(async () => {
  server = await startWholeServer()
})
afterAll(() => server.close())

let sent = 0
async function send(): Promise<number> {
  const batch = Array.from({ length: 20 }, () => ({
    ...{
      type: 'track',
      event: 'Feature Used',
      messageId: `m-${sent++}`,
      userId: `u-${sent % people}`,
    },
  }))
  const answer = await fetch(`${server.url}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${server.writeKey}:`)}` },
    body: JSON.stringify({ batch }),
  })
  await answer.text()
  return answer.status
}

const paths = [
  '/api/parties',
  '/api/ladder',
  '/api/reach',
  '/api/health-calendar',
  '/api/movers?direction=rose',
]

async function look(path: string): Promise<string> {
  const answer = await fetch(`${server.url}${path}`, {
    headers: { authorization: `Bearer ${server.apiKey}` },
  })
  return `${answer.status} ${answer.status === 200 ? '' : await answer.text()}`
}

async function apply(yaml: string): Promise<number> {
  const answer = await fetch(`${server.url}/api/model`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${server.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ yaml }),
  })
  await answer.text()
  return answer.status
}

test('no question fails, no touchpoint is lost', { timeout: 60_000 }, async () => {
  for (let i = 0; i < 10; i++) expect(await send()).toBe(200)
  const { parties } = await server.read<{ parties: { id: string }[] }>('/api/parties')
  const one = `/api/parties/${parties[0]?.id}`
  let done = false
  const answers = new Map<string, number>()
  const note = (answer: string): void => void answers.set(answer, (answers.get(answer) ?? 0) + 1)
  const readers = [
    ...paths,
    ...paths,
    ...paths,
    one,
    `${one}/trust`,
    `${one}/evidence?of=trust:balance`,
  ].map(async (path) => {
    while (!done) note(await look(path))
  })
  const senders = [1, 2].map(async () => {
    while (!done) note(`${await send()} `)
  })
  for (const yaml of [creator, saas, creator, saas, creator]) expect(await apply(yaml)).toBe(200)
  done = true
  await Promise.all([...readers, ...senders])
  expect([...answers.keys()]).toEqual(['200 '])
  const after = await server.read<{ parties: { touchpointCount: number }[] }>('/api/parties')
  const counted = after.parties.reduce((sum, { touchpointCount }) => sum + touchpointCount, 0)
  expect(counted).toBe(sent)
})

test('two at once: one is told to wait', async () => {
  expect((await Promise.all([apply(saas), apply(creator)])).sort()).toEqual([200, 409])
  expect(await apply(saas)).toBe(200)
})

test('what a replay left behind that was broken off is swept up, and so are old tables', async () => {
  const { db } = server.truth
  const tables = async (): Promise<string[]> => {
    const { rows } = await sql<{ name: string }>`
      select relname as name from pg_class where relkind = 'r'
        and relname ~ '^(relationship|replay_state)_' order by 1`.execute(db)
    return rows.map(({ name }) => name)
  }
  const { rows } = await sql<{ version: number }>`
    insert into model (yaml, state, created_by) values (${saas}, 'building', 'a process that died')
    returning version`.execute(db)
  const broken = rows[0]?.version
  await sql
    .raw(`create table relationship_${broken} (); create table replay_state_${broken} ()`)
    .execute(db)
  const { version } = await server.read<{ version: number }>('/api/model')
  await sweepModelTables(server.truth)
  // The one before may still be read from.
  expect(await tables()).toContain(`relationship_${version - 1}`)
  expect(await tables()).not.toContain(`relationship_${broken}`)
  await sql`update model set applied_at = applied_at - interval '2 minutes'`.execute(db)
  await sweepModelTables(server.truth)
  expect(await tables()).toEqual([`relationship_${version}`])
  expect((await look('/api/parties')).trim()).toBe('200')
})
