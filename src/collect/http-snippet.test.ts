import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { snippetRoutes } from './http-snippet.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-snippet-'))

test('the snippet may be loaded from everywhere, packed, and kept for an hour', async () => {
  const app = fastify()
  await snippetRoutes(app, { folder })
  const missing = await app.inject({ url: '/rapport.js' })
  expect([missing.statusCode, missing.json().message]).toEqual([
    404,
    expect.stringContaining('npm run build'),
  ])

  writeFileSync(join(folder, 'rapport.js'), 'window.rapport = 1')
  const plain = await app.inject({ url: '/rapport.js' })
  expect(plain.body).toBe('window.rapport = 1')
  expect(plain.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': expect.stringContaining('max-age=3600'),
    vary: 'Accept-Encoding',
  })

  const packed = await app.inject({
    url: '/rapport.js',
    headers: { 'accept-encoding': 'br, gzip' },
  })
  expect(packed.headers['content-encoding']).toBe('gzip')
  expect(gunzipSync(packed.rawPayload).toString()).toBe(plain.body)

  const headers = { 'if-none-match': String(plain.headers.etag) }
  const again = await app.inject({ url: '/rapport.js', headers })
  expect([again.statusCode, again.body]).toEqual([304, ''])
  await app.close()
  rmSync(folder, { recursive: true })
})
