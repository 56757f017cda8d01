import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify, { type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AcceptBatch } from '../../domain/collected-batch.ts'
import { RapportError, toProblem } from '../../domain/error.ts'
import type { ImportView } from '../../domain/import-view.ts'
import { freshDatabase, type TestTruth } from '../../store/testing.ts'
import { importRoutes } from './http.ts'
import { rememberingPipeline } from './testing.ts'
import { safeFileName } from './upload.ts'

const now = Date.parse('2026-11-23T12:00:00.000Z')
const mapping = `
mapping: Orders
source: shop_export
file: {}
touchpoints:
  order:
    event: { constant: Order Completed }
    id: [id]
    time: { column: at }
    identifiers: { email: email }
`
let truth: TestTruth
let files = 0

beforeAll(async () => {
  truth = await freshDatabase()
})
afterAll(() => truth.close())

interface Server {
  readonly app: FastifyInstance
  readonly url: string
  readonly folder: string
  readonly taken: ReadonlyMap<string, unknown>
}

async function start(
  changes: {
    accept?: AcceptBatch
    bytesLimit?: number
    dataFolder?: string
    mayWrite?: () => void
  } = {},
): Promise<Server> {
  const { accept, taken } = rememberingPipeline()
  const dataFolder = changes.dataFolder ?? mkdtempSync(join(tmpdir(), 'rapport-data-'))
  const app = fastify()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler((error, _request, reply) => {
    const known =
      error instanceof RapportError ? error : new RapportError('internal', String(error))
    return reply
      .code(known.status)
      .serializer((payload: unknown) => JSON.stringify(payload))
      .send(toProblem(known))
  })
  await importRoutes(app, {
    ...{ db: truth.db, accept, dataFolder, now: () => now },
    newId: () => String(++files),
    onError: () => {},
    ...changes,
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { app, url, taken, folder: join(dataFolder, 'imports') }
}

function csv(count: number, fault = ''): string {
  const name = `h${++files}`
  const rows = Array.from(
    { length: count },
    (_, i) => `${name}-${i},user${i}@example.com,2026-01-01T00:00:00Z\n`,
  )
  return `id,email,at\n${rows.join('')}${fault}`
}

function form(parts: Record<string, string | File>): FormData {
  const data = new FormData()
  for (const [name, part] of Object.entries(parts)) data.append(name, part)
  return data
}

const file = (content: string, name = 'orders.csv'): File => new File([content], name)
const post = (server: Server, path: string, body?: FormData): Promise<Response> =>
  fetch(server.url + path, { method: 'POST', ...(body && { body }) })
const read = async (server: Server, path: string): Promise<unknown> =>
  (await fetch(server.url + path)).json()

async function settled(server: Server, id: string): Promise<ImportView> {
  for (;;) {
    const job = (await read(server, `/api/imports/${id}`)) as ImportView
    if (job.state !== 'running') return job
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('an upload is imported, shown, and its faulty rows can be fetched', async () => {
  const server = await start()
  const body = form({ file: file(csv(3_000, '=1+1,not a row\n')), mapping })
  const answer = await post(server, '/api/imports', body)
  expect(answer.status).toBe(202)
  const { id } = (await answer.json()) as ImportView
  const job = await settled(server, id)
  expect(job).toMatchObject({
    state: 'done',
    fileName: 'orders.csv',
    source: { id: 'shop_export', name: 'Orders' },
    rows: 3_001,
    accepted: 3_000,
    rejected: 1,
    hasErrorFile: true,
  })
  expect(server.taken.size).toBe(3_000)
  const list = (await read(server, '/api/imports')) as { imports: ImportView[] }
  expect(list.imports.find((one) => one.id === id)).toEqual(job)
  const errors = await fetch(`${server.url}/api/imports/${id}/errors.csv`)
  expect(errors.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(errors.headers.get('content-disposition')).toMatch(/^attachment/)
  // Quoted, so that a spreadsheet shows it and does not run it.
  expect(await errors.text()).toBe(
    `line,reason,row\r\n3002,"The row has 2 cells, not 3.","'=1+1,not a row"\r\n`,
  )
  // The upload itself is not kept.
  await server.app.close()
  expect(readdirSync(server.folder)).toEqual([`${id}.errors.csv`])
})

test('the same file with the same mapping is the same import', async () => {
  const server = await start()
  const content = csv(10)
  const ids = []
  for (let i = 0; i < 2; i++) {
    const answer = await post(server, '/api/imports', form({ mapping, file: file(content) }))
    const { id } = (await answer.json()) as ImportView
    ids.push((await settled(server, id)).id)
  }
  expect(new Set(ids).size).toBe(1)
  expect(server.taken.size).toBe(10)
  await server.app.close()
  expect(readdirSync(server.folder)).toEqual([])
})

test('what cannot be imported is refused with its reason, and nothing stays on the disk', async () => {
  const server = await start({ bytesLimit: 10_000 })
  const cases: [FormData, number, string][] = [
    [form({ mapping }), 400, 'invalid_request'],
    [form({ file: file('a') }), 400, 'invalid_request'],
    [form({ file: file(csv(1)), mapping: 'mapping: x' }), 422, 'invalid_mapping'],
    [form({ file: file(csv(1)), mapping: '{' }), 422, 'invalid_mapping'],
    [form({ file: file('x,y\n1,2\n'), mapping }), 422, 'invalid_csv'],
    [form({ file: file(''), mapping }), 422, 'invalid_csv'],
    [form({ file: file(csv(1_000)), mapping }), 413, 'file_too_large'],
    [form({ file: file(csv(1)), lookup: file('x'), mapping }), 400, 'invalid_request'],
    [form({ file: file(csv(1)), other: file('x', 'y'), mapping }), 400, 'invalid_request'],
  ]
  for (const [body, status, code] of cases) {
    const answer = await post(server, '/api/imports', body)
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      status,
      code,
    ])
  }
  const missing = (await (await post(server, '/api/imports', cases[4]?.[0])).json()) as object
  expect(missing).toMatchObject({ missing: ['id', 'at', 'email'] })
  expect(readdirSync(server.folder)).toEqual([])
  await server.app.close()
})

test('a full disk refuses an upload', async () => {
  const mayWrite = (): void => {
    throw new RapportError('disk_full')
  }
  const server = await start({ mayWrite })
  const answer = await post(server, '/api/imports', form({ file: file(csv(1)), mapping }))
  expect(answer.status).toBe(503)
  expect(readdirSync(server.folder)).toEqual([])
  await server.app.close()
})

test('a preview needs the beginning of the file only', async () => {
  const server = await start()
  const answer = await post(server, '/api/imports/preview', form({ file: file(csv(20_000)) }))
  expect(answer.status).toBe(200)
  const seen = (await answer.json()) as object
  expect(seen).toMatchObject({
    columns: ['id', 'email', 'at'],
    guesses: [{}, { kind: 'email' }, { kind: 'time' }],
    suggestedMapping: expect.stringContaining('touchpoints:'),
  })
  const body = new Blob([csv(3)], { type: 'text/csv' })
  const url = `${server.url}/api/imports/preview?fileName=Orders.csv`
  const bare = (await (await fetch(url, { method: 'POST', body })).json()) as object
  expect(bare).toMatchObject({ suggestedMapping: expect.stringContaining('source: orders') })
  for (const path of ['/api/imports/preview', '/api/imports']) {
    const nothing = await fetch(server.url + path, { method: 'POST' })
    expect(await nothing.json()).toMatchObject({ code: 'invalid_request' })
  }
  expect((await post(server, '/api/imports/preview', form({ x: 'y' }))).status).toBe(400)
  await server.app.close()
})

test('an import is paused, goes on, and survives a restart of the server', async () => {
  const content = csv(20_000)
  const { accept, taken } = rememberingPipeline()
  let gate = Promise.resolve()
  let open = (): void => {}
  const close = (): void => {
    gate = new Promise((resolve) => {
      open = resolve
    })
  }
  const slow: AcceptBatch = async (batch) => {
    await gate
    return accept(batch)
  }
  close()
  const first = await start({ accept: slow })
  const dataFolder = join(first.folder, '..')
  const answer = await post(first, '/api/imports', form({ file: file(content), mapping }))
  const { id } = (await answer.json()) as ImportView
  const pausing = post(first, `/api/imports/${id}/pause`)
  await new Promise((resolve) => setTimeout(resolve, 100))
  open()
  expect(await (await pausing).json()).toMatchObject({ id, state: 'paused', duplicate: 0 })
  expect(taken.size).toBeLessThan(20_000)

  close()
  expect((await post(first, `/api/imports/${id}/resume`)).status).toBe(200)
  const closing = first.app.close()
  open()
  await closing
  expect(taken.size).toBeLessThan(20_000)

  const second = await start({ accept, dataFolder })
  const job = await settled(second, id)
  expect(job).toMatchObject({ state: 'done', accepted: 20_000, duplicate: 0 })
  expect(taken.size).toBe(20_000)
  expect((await post(second, `/api/imports/${id}/resume`)).status).toBe(200)
  await second.app.close()
  expect(readdirSync(second.folder)).toEqual([])
})

test('what is not there', async () => {
  const server = await start()
  const id = '00000000-0000-8000-8000-000000000000'
  expect((await fetch(`${server.url}/api/imports/${id}`)).status).toBe(404)
  expect((await fetch(`${server.url}/api/imports/${id}/errors.csv`)).status).toBe(404)
  expect((await post(server, `/api/imports/${id}/pause`)).status).toBe(404)
  expect((await post(server, `/api/imports/${id}/resume`)).status).toBe(404)
  await server.app.close()
})

test.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\x\\orders.csv', 'orders.csv'],
  ['..', 'file'],
  ['.hidden', 'hidden'],
  ['a\u0000b\n<c>.csv', 'a_b__c_.csv'],
  ['Bestellungen März (2).csv.gz', 'Bestellungen März (2).csv.gz'],
])('the file name %j is stored as %j', (given, stored) => {
  expect(safeFileName(given)).toBe(stored)
  expect(existsSync(join('/', safeFileName(given)))).toBe(false)
})
