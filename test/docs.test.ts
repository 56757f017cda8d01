/** What the documents say is done: blocks are run, pages made from code are equal to the code. */
import { spawn, execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generatedDocuments } from '../scripts/generate-docs.ts'
import { createProgram } from '../src/cli/program.ts'

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const run = promisify(execFile)

/** Fenced blocks of a language, in their order. */
function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, found]) => found === language)
    .map(([, , block = '']) => block)
}

describe('pages made from code', () => {
  test('are equal to it (else run "npm run docs")', async () => {
    const pages = await generatedDocuments()
    expect(pages.size).toBe(3)
    for (const [path, text] of pages)
      expect(readFileSync(join(root, path), 'utf8'), path).toBe(text)
  })

  test('every command is described', () => {
    const cli = readFileSync(join(root, 'docs/cli.md'), 'utf8')
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
    expect(program.commands.length).toBeGreaterThanOrEqual(5)
    for (const command of program.commands) expect(cli).toContain(`## rapport ${command.name()}\n`)
  })
})

describe('the README', () => {
  const keys = { WRITE_KEY: 'readme-write-key', API_KEY: 'readme-api-key-of-this-test' }
  const dataFolder = mkdtempSync(join(tmpdir(), 'rapport-readme-'))
  let server: ReturnType<typeof spawn>
  let url = ''

  beforeAll(async () => {
    const environment = {
      PATH: process.env['PATH'],
      RAPPORT_DATA: dataFolder,
      RAPPORT_WRITE_KEY: keys.WRITE_KEY,
      RAPPORT_API_KEY: keys.API_KEY,
    }
    const args = [join(root, 'bin/rapport.mjs'), 'start', '--port', '0', '--json']
    server = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    let said = ''
    server.stderr?.on('data', (chunk: Buffer) => (said += String(chunk)))
    server.on('exit', () => reject(new Error(said)))
    server.stdout?.on('data', (chunk: Buffer) => {
      const found = /"running":"([^"]+)"/.exec(String(chunk))?.[1]
      if (found) resolve(found)
    })
    url = (await promise).replace('localhost', '127.0.0.1')
  })
  afterAll(async () => {
    const ended = new Promise((resolve) => server.on('exit', resolve))
    server.kill('SIGTERM')
    await ended
    rmSync(dataFolder, { recursive: true, force: true })
  })

  const here = (block: string): string => block.replaceAll('http://localhost:3000', url)
  const env = { ...process.env, ...keys }

  test('names the commands that begin everything', () => {
    const scripts = (
      JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }
    ).scripts
    const named = [...readme.matchAll(/npm (?:run )?(demo|test|start|run check)\b/g)]
    expect(named.length).toBeGreaterThanOrEqual(4)
    for (const [, name = ''] of named) expect(scripts).toHaveProperty(name.replace('run ', ''))
  })

  test('its curl blocks do what they say', async () => {
    const blocks = blocksOf(readme, 'sh').filter((block) => block.startsWith('curl'))
    expect(blocks).toHaveLength(2)
    const [send = '', ask = ''] = blocks.map(here)
    expect(JSON.parse((await run('sh', ['-c', send], { env })).stdout)).toEqual({ success: true })
    const { parties } = JSON.parse((await run('sh', ['-c', ask], { env })).stdout) as {
      parties: { rung: { id: string }; value: { ownMinor: number } }[]
    }
    expect(parties).toMatchObject([{ rung: { id: 'customer' }, value: { ownMinor: 4900 } }])
  })

  test('its Segment block is understood', async () => {
    const [block = ''] = blocksOf(readme, 'js')
    await run(process.execPath, ['--input-type=module', '-e', here(block)], { env, cwd: root })
    const headers = { authorization: `Bearer ${keys.API_KEY}` }
    const answer = await fetch(`${url}/api/parties?search=ada@example.com`, { headers })
    expect(await answer.json()).toMatchObject({
      parties: [{ displayName: 'Ada', touchpointCount: 3 }],
    })
  })
})
