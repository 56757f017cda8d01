import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { askNode } from './doctor-checks.ts'
import { createProgram } from './program.ts'

const launcher = join(import.meta.dirname, '../../bin/rapport.mjs')
const dataFolder = mkdtempSync(join(tmpdir(), 'rapport-cli-'))
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }))

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function run(args: readonly string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [launcher, ...args], {
    cwd: dataFolder,
    env: { PATH: process.env['PATH'], RAPPORT_DATA: dataFolder, ...environment },
  })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const { promise: ended, resolve } = Promise.withResolvers<Ended>()
  child.on('close', (code) => resolve({ code, out, err }))
  const said = async (words: string): Promise<string> => {
    for (let i = 0; i < 600 && !out.includes(words); i++)
      await new Promise((next) => setTimeout(next, 50))
    expect(out, err).toContain(words)
    return out
  }
  return { child, ended, said }
}
const linesOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

test('each command has a help with an example', async () => {
  const nothing = async (): Promise<void> => {}
  const program = createProgram({
    start: nothing,
    demo: nothing,
    importFile: nothing,
    replay: nothing,
    lens: { status: nothing, rebuild: nothing, archive: nothing },
    forget: nothing,
    fitModels: nothing,
  })
  const names = program.commands.map((command) => command.name())
  expect(names).toEqual([
    'start',
    'demo',
    'import',
    'replay',
    'lens',
    'forget',
    'fit-models',
    'attribute',
    'fit',
    'predict',
    'match',
    'uplift',
    'evaluate-policy',
    'sentiment',
    'doctor',
  ])
  for (const command of [program, ...program.commands]) {
    let help = ''
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
    expect(help).toMatch(/Examples?:\n {2}rapport /)
  }
})

test('options reach the actions', async () => {
  const seen: unknown[] = []
  const note = async (request: unknown): Promise<void> => void seen.push(request)
  const program = createProgram({
    ...{ start: note, demo: note, importFile: note, replay: note },
    lens: { status: note, rebuild: note, archive: note },
    forget: note,
    fitModels: note,
  })
  await program.parseAsync(['import', 'a.csv', '--source', 'shop', '--dry-run', '--json'], {
    from: 'user',
  })
  await program.parseAsync(['demo', '--port', '81', '--data', '/tmp/d'], { from: 'user' })
  expect(seen).toMatchObject([
    { file: 'a.csv', mapping: null, source: 'shop', dryRun: true, output: { json: true } },
    { config: { port: 81, dataFolder: '/tmp/d/demo' } },
  ])
})

test('an unknown command and a bad setting are told, without a stack', async () => {
  const unknown = await run(['strat']).ended
  expect([unknown.code, unknown.err.includes("unknown command 'strat'")]).toEqual([1, true])
  const bad = await run(['start'], { PORT: 'x', LOG_LEVEL: 'loud' }).ended
  expect(bad).toMatchObject({ code: 1, out: '' })
  expect(bad.err).toContain(
    'The configuration has 2 faults: PORT must be a number. LOG_LEVEL must be',
  )
  expect(bad.err).not.toContain('    at ')
  const json = await run(['start', '--json'], { PORT: 'x' }).ended
  expect(linesOf(json.err)).toMatchObject([{ error: { code: 'startup_failed' } }])
})

test('start runs until SIGTERM, prints the key once, and a link until it is used', async () => {
  const first = run(['start', '--port', '0', '--json'])
  const [hello] = linesOf(await first.said('running'))
  expect(hello).toMatchObject({
    apiKey: expect.stringMatching(/^rk_/),
    welcomeLink: expect.stringContaining('/welcome?token='),
  })
  const url = String(hello?.['running']).replace('localhost', '127.0.0.1')
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ok' })
  const headers = { authorization: `Bearer ${String(hello?.['apiKey'])}` }
  expect((await fetch(`${url}/api/keys`, { headers })).status).toBe(200)
  const begun = performance.now()
  first.child.kill('SIGTERM')
  expect((await first.ended).code).toBe(0)
  expect(performance.now() - begun).toBeLessThan(10_000)

  const second = run(['start', '--port', '0'])
  const text = await second.said('Stop it with Ctrl+C.')
  expect(text).toMatch(
    /^Rapport is running at http:\/\/localhost:\d+\nWrite key.*: wk_\S+\nMake your account: http/,
  )
  expect(text).not.toContain('rk_')
  second.child.kill('SIGINT')
  expect((await second.ended).code).toBe(0)
}, 90_000)

test('doctor finds nothing to mend, and leaves nothing behind', async () => {
  const { code, out } = await run(['doctor', '--json', '--port', '0']).ended
  const findings = linesOf(out)
  expect([code, findings.at(-1)]).toEqual([0, { faults: 0 }])
  const checks = findings.slice(0, -1).map(({ check, state }) => [check, state])
  expect(checks).toHaveLength(9)
  expect(checks.filter(([check, state]) => state !== 'ok' && check !== 'Chromium')).toEqual([])
}, 60_000)

test('doctor says what to do', async () => {
  const other = createServer((_request, response) => response.end('no Rapport'))
  await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening))
  const { port } = other.address() as AddressInfo
  const { code, out } = await run(['doctor', '--json'], {
    PORT: String(port),
    DATABASE_URL: 'postgres://nobody:hunter2@127.0.0.1:1/none',
    RAPPORT_MODEL: 'nowhere.yaml',
  }).ended
  other.close()
  expect(code).toBe(1)
  expect(out).not.toContain('hunter2')
  const faults = linesOf(out).filter(({ state }) => state === 'fault')
  expect(faults.map(({ check }) => check)).toEqual(['Truth store', 'Model', 'Port'])
  for (const { fix } of faults) expect(String(fix).length).toBeGreaterThan(10)
  const broken = linesOf((await run(['doctor', '--json'], { PORT: 'x' }).ended).out)
  expect(broken.at(-2)).toMatchObject({ check: 'Configuration', state: 'fault' })
}, 60_000)

test.each([
  ['24.21.0', 'ok'],
  ['22.18.0', 'ok'],
  ['22.17.9', 'fault'],
  ['20.20.2', 'fault'],
])('Node %s is %s', (version, state) => {
  expect(askNode(version).state).toBe(state)
})
