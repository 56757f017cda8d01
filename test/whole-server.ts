/** The whole program in this process, on a database of its own, with keys that tests know. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { z } from 'zod'
import { compose } from '../src/app/compose.ts'
import { readConfig } from '../src/app/config.ts'
import { startRapport } from '../src/app/start-rapport.ts'
import { freshDatabase, type TestTruth } from '../src/store/testing.ts'
import type { PartyDetail, TouchpointView } from '../src/domain/view.ts'
import type { sourceView } from '../src/domain/source-view.ts'

/** A party as the reading API tells it: everything about it, and its newest 200 touchpoints. */
export interface ReadParty extends PartyDetail {
  readonly touchpoints: readonly TouchpointView[]
}

type SourceView = z.infer<typeof sourceView>

export interface WholeServer {
  /** Without a slash at its end. */
  readonly url: string
  readonly writeKey: string
  readonly apiKey: string
  /** With it the first account is made; null where there is one. */
  readonly welcomeLink: string | null
  /** A second look at the same database, for what no API tells. */
  readonly truth: TestTruth
  /** Sends events with the write key, as a client does. */
  readonly send: (events: readonly object[]) => Promise<Response>
  /** Reads below `/api` with the API key; throws where the answer is not 2xx. */
  readonly read: <Answer>(path: string) => Promise<Answer>
  /** By `namespace:value`, for example `user_id:ada`; null where there is none. */
  readonly readParty: (identifier: string) => Promise<ReadParty | null>
  /** What the source of the write key received, accepted, refused. */
  readonly readSource: () => Promise<SourceView | undefined>
  /** Everything that was logged. */
  readonly log: () => string
  readonly close: () => Promise<void>
}

export interface WholeServerOptions {
  /** Given by a test that starts the program twice on the same database; it stays open on `close`. */
  readonly truth?: TestTruth
  readonly environment?: Readonly<Record<string, string>>
}

const writeKey = 'wk_whole_server'
const apiKey = 'rk_whole_server_of_a_test'

export async function startWholeServer(options: WholeServerOptions = {}): Promise<WholeServer> {
  const truth = options.truth ?? (await freshDatabase())
  const dataFolder = mkdtempSync(join(tmpdir(), 'rapport-whole-'))
  const lines: string[] = []
  const running = await startRapport({
    config: readConfig({
      PORT: '0',
      RAPPORT_DATA: dataFolder,
      DATABASE_URL: truth.databaseUrl,
      RAPPORT_WRITE_KEY: writeKey,
      RAPPORT_API_KEY: apiKey,
      LOG_LEVEL: 'warn',
      ...options.environment,
    }),
    demo: false,
    report: (sentence) => void lines.push(`${sentence}\n`),
    logTo: { write: (line) => void lines.push(line) },
    compose: (parts) =>
      compose(parts, { onError: (error) => void lines.push(`${String(error)}\n`) }),
  })
  const url = running.url.replace('localhost', '127.0.0.1')
  const read = async <Answer>(path: string): Promise<Answer> => {
    const headers = { authorization: `Bearer ${apiKey}` }
    const answer = await fetch(`${url}${path}`, { headers })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Answer
  }
  const send = (batch: readonly object[]): Promise<Response> => {
    const authorization = `Basic ${btoa(`${writeKey}:`)}`
    const headers = { authorization, 'content-type': 'application/json' }
    return fetch(`${url}/v1/batch`, { method: 'POST', headers, body: JSON.stringify({ batch }) })
  }
  return {
    ...{ url, writeKey, apiKey, truth, send, read },
    welcomeLink: running.welcomeLink?.replace('localhost', '127.0.0.1') ?? null,
    readParty: (identifier) => readParty(read, identifier),
    async readSource() {
      const { sources } = await read<{ sources: SourceView[] }>('/api/sources')
      return sources.find((source) => source.writeKey === writeKey)
    },
    log: () => lines.join(''),
    async close() {
      await running.close()
      if (options.truth === undefined) await truth.close()
      rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}

async function readParty(read: WholeServer['read'], identifier: string): Promise<ReadParty | null> {
  const found = await read<{ parties: { id: string }[] }>(
    `/api/parties?identifier=${encodeURIComponent(identifier)}`,
  )
  const id = found.parties[0]?.id
  if (id === undefined) return null
  const [party, { touchpoints }] = await Promise.all([
    read<PartyDetail>(`/api/parties/${id}`),
    read<{ touchpoints: TouchpointView[] }>(`/api/parties/${id}/touchpoints?limit=200`),
  ])
  return { ...party, touchpoints }
}
