/** The questions that `rapport doctor` asks, each answered with what to do where it is not well. */
import { existsSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Config } from '../app/config.ts'
import { RapportError } from '../domain/error.ts'
import { parseModel } from '../relationship/parse-model.ts'
import { freeBytes } from '../store/disk-space.ts'
import { openLens } from '../store/lens.ts'
import { openTruth } from '../store/truth.ts'
import { findChromium } from '../app/find-chromium.ts'

export interface Finding {
  readonly check: string
  readonly state: 'ok' | 'warning' | 'fault'
  readonly says: string
  /** What to do, where it is not well. */
  readonly fix: string | null
}

type Answer = Omit<Finding, 'check'>
type Check = readonly [name: string, ask: (config: Config) => Answer | Promise<Answer>]

const gigabyte = 1024 ** 3
const ok = (says: string): Answer => ({ state: 'ok', says, fix: null })
const warning = (says: string, fix: string): Answer => ({ state: 'warning', says, fix })
const fault = (says: string, fix: string): Answer => ({ state: 'fault', says, fix })

const checks: readonly Check[] = [
  ['Data folder', askDataFolder],
  ['Disk', askDisk],
  ['Truth store', askTruth],
  ['Lens', askLens],
  ['Model', askModel],
  ['Port', askPort],
  ['Chromium', askChromium],
]

/** Asks one after the other. A configuration that cannot be read is the only answer then. */
export async function* checkEverything(readConfig: () => Config): AsyncGenerator<Finding> {
  yield { check: 'Node', ...askNode(process.versions.node) }
  let config: Config
  try {
    config = readConfig()
  } catch (error) {
    yield { check: 'Configuration', ...fault(detailOf(error), 'See docs/config.md.') }
    return
  }
  yield { check: 'Configuration', ...ok('every variable can be read') }
  for (const [check, ask] of checks) yield { check, ...(await answerOf(ask, config)) }
}

async function answerOf(ask: Check[1], config: Config): Promise<Answer> {
  try {
    return await ask(config)
  } catch (error) {
    return fault(detailOf(error), 'Mend this, then run "rapport doctor" again.')
  }
}

function detailOf(error: unknown): string {
  if (error instanceof RapportError) return error.detail ?? error.message
  return error instanceof Error ? error.message : String(error)
}

export function askNode(version: string): Answer {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return ok(`version ${version}`)
  const fix = 'Run "npm ci", which brings a Node that does, and start Rapport as "npx rapport".'
  return fault(`version ${version} does not run TypeScript`, fix)
}

/** The folder, or the nearest one above it that is there. */
function nearestFolder(folder: string): string {
  return existsSync(folder) ? folder : nearestFolder(dirname(folder))
}

function askDataFolder({ dataFolder }: Config): Answer {
  const folder = nearestFolder(dataFolder)
  const probe = join(folder, `.rapport-doctor-${process.pid}`)
  try {
    writeFileSync(probe, '')
    unlinkSync(probe)
  } catch (error) {
    return fault(
      `${folder} cannot be written to (${detailOf(error)})`,
      'Give it to this user, or set RAPPORT_DATA.',
    )
  }
  return ok(folder === dataFolder ? `${dataFolder} can be written to` : `${dataFolder} can be made`)
}

function askDisk({ dataFolder }: Config): Answer {
  const free = freeBytes(nearestFolder(dataFolder)) / gigabyte
  const says = `${free.toFixed(1)} GB free`
  if (free >= 2) return ok(says)
  const fix =
    'Free some space, or set RAPPORT_DATA to a larger disk. Below 0.2 GB nothing is accepted.'
  return free >= 0.2 ? warning(says, fix) : fault(says, fix)
}

/** Runs something in the data folder if that is in use already, else in one that is thrown away. */
async function inDataFolder<T>(
  { dataFolder }: Config,
  part: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  if (existsSync(join(dataFolder, part))) return work(dataFolder)
  const folder = mkdtempSync(join(tmpdir(), 'rapport-doctor-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function askTruth(config: Config): Promise<Answer> {
  const { databaseUrl } = config
  return inDataFolder(config, 'postgres', async (dataFolder) => {
    const truth = await openTruth({ dataFolder, ...(databaseUrl === null ? {} : { databaseUrl }) })
    await truth.close()
    const where = databaseUrl === null ? 'embedded' : 'at DATABASE_URL'
    return ok(`PostgreSQL ${truth.version}, ${where}`)
  })
}

async function askLens(config: Config): Promise<Answer> {
  const { clickhouseUrl } = config
  return inDataFolder(config, 'chdb', async (dataFolder) => {
    const lens = openLens({ dataFolder, ...(clickhouseUrl === null ? {} : { clickhouseUrl }) })
    try {
      const client = await lens.client()
      const result = await client.query({
        query: 'select version() as version',
        format: 'JSONEachRow',
      })
      const [row] = await result.json<{ version: string }>()
      return ok(
        `ClickHouse ${row?.version}, ${clickhouseUrl === null ? 'embedded' : 'at CLICKHOUSE_URL'}`,
      )
    } catch (error) {
      // Only one process may open an embedded lens, and the running server is the one that should.
      if (clickhouseUrl === null && (await isRapport(config.host, config.port))) {
        return ok('in use by the running Rapport')
      }
      throw error
    } finally {
      await lens.close()
    }
  })
}

function askModel({ model }: Config): Answer {
  const isFile = /[./\\]/.test(model)
  const path = isFile ? model : join(import.meta.dirname, '../../models', `${model}.yaml`)
  if (!existsSync(path)) {
    return fault(
      `there is no model "${model}"`,
      'Set RAPPORT_MODEL to saas, creator, retail or the path of a file.',
    )
  }
  const parsed = parseModel(readFileSync(path, 'utf8'))
  if (parsed.ok) return ok(`"${parsed.model.model}", ${parsed.model.rungs.length} rungs`)
  const [first] = parsed.faults
  const says = `${parsed.faults.length} faults in ${path}; line ${first?.line}: ${first?.path} ${first?.message}`
  return fault(says, 'Mend the file; every fault has its line.')
}

async function askPort({ port, host }: Config): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.ErrnoException | null>()
  const server = createServer().once('error', resolve)
  server.listen(port, host, () => server.close(() => resolve(null)))
  const error = await promise
  if (error === null) return ok(`${port} is free`)
  if (error.code !== 'EADDRINUSE') return fault(error.message, 'Set PORT or HOST.')
  if (await isRapport(host, port)) return ok(`${port} is in use by Rapport itself`)
  return fault(`${port} is taken by another program`, 'Stop it, or set PORT.')
}

async function isRapport(host: string, port: number): Promise<boolean> {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  try {
    const answer = await fetch(`http://${name}:${port}/healthz`, {
      signal: AbortSignal.timeout(2_000),
    })
    return (
      answer.headers.has('x-request-id') &&
      ((await answer.json()) as { status?: string }).status === 'ok'
    )
  } catch {
    return false
  }
}

async function askChromium(): Promise<Answer> {
  const path = await findChromium()
  if (path !== null) return ok(path)
  return warning(
    'not found; only the browser tests need it',
    'Run "node scripts/ensure-chromium.ts" to install one.',
  )
}
