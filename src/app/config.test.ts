import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { publicUrlOf, readConfig } from './config.ts'

test('an empty environment gives the documented defaults', () => {
  expect(readConfig({ PATH: '/bin', LOG_LEVEL: '' })).toEqual({
    port: 3000,
    host: '127.0.0.1',
    dataFolder: resolve('./data'),
    databaseUrl: null,
    clickhouseUrl: null,
    lensEngine: { kind: 'merge_tree' },
    archiveAfterMonths: null,
    writeKey: null,
    apiKey: null,
    model: 'saas',
    publicUrl: null,
    secret: null,
    mail: null,
    webhooksMayBePrivate: false,
    trustProxy: false,
    logLevel: 'info',
  })
})

test('all faults are listed at once, and no secret is repeated', () => {
  const environment = {
    PORT: '70000',
    DATABASE_URL: 'mysql://root:hunter2@db/x',
    RAPPORT_API_KEY: 'short and bad',
    LOG_LEVEL: 'loud',
  }
  expect(() => readConfig(environment)).toThrow(
    expect.objectContaining({
      code: 'startup_failed',
      message: expect.stringContaining('4 faults'),
    }),
  )
  expect(() => readConfig(environment)).toThrow(/PORT.*DATABASE_URL.*RAPPORT_API_KEY.*LOG_LEVEL/)
  expect(() => readConfig(environment)).not.toThrow(/hunter2|short and bad/)
})

const url = { CLICKHOUSE_URL: 'http://lens:8123' }

test.each([
  [{ CLICKHOUSE_ENGINE: 'replicated' }, /needs CLICKHOUSE_URL/],
  [{ ...url, CLICKHOUSE_ENGINE: 'replicated' }, /needs CLICKHOUSE_CLUSTER/],
  [{ ...url, CLICKHOUSE_ENGINE: 'replicated', CLICKHOUSE_CLUSTER: `x' ` }, /CLICKHOUSE_CLUSTER/],
  [{ CLICKHOUSE_ENGINE: 'mine' }, /merge_tree, replicated or cloud/],
])('a lens of %j is refused', (environment, expected) => {
  expect(() => readConfig(environment)).toThrow(expected)
})

test('a lens over a cluster is told its name', () => {
  const config = readConfig({ ...url, CLICKHOUSE_ENGINE: 'replicated', CLICKHOUSE_CLUSTER: 'eu' })
  expect(config.lensEngine).toEqual({ kind: 'replicated', cluster: 'eu' })
})

test('the configuration cannot be changed', () => {
  const config = readConfig({})
  expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError)
})

test.each([
  [{}, 'http://localhost:3000'],
  [{ HOST: '0.0.0.0', PORT: '80' }, 'http://localhost:80'],
  [{ HOST: '10.1.2.3' }, 'http://10.1.2.3:3000'],
  [{ HOST: 'fd00::1' }, 'http://[fd00::1]:3000'],
  [{ RAPPORT_PUBLIC_URL: 'https://rapport.example.com/' }, 'https://rapport.example.com'],
])('links for %j begin with %s', (environment, expected) => {
  expect(publicUrlOf(readConfig(environment))).toBe(expected)
})
