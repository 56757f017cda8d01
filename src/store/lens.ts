import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client'
import type { ClickHouseSettings, ClickHouseClientConfigOptions } from '@clickhouse/client'
import { RapportError } from '../domain/error.ts'
import type { LensEngine } from './lens-shape.ts'

/** The store of history for analysis and replay: a copy of the log that can always be rebuilt. */
export interface Lens {
  /** Opens on first use: until then the lens costs neither memory (some 250 MB) nor threads. */
  client(): Promise<ClickHouseClient>
  /**
   * Another connection to the same data, whose queries run beside those of `client()` (chDB runs those
   * of one connection one after the other) and whose settings are its own. It is closed with the lens.
   */
  apart(settings: ClickHouseSettings): Promise<ClickHouseClient>
  /** Gives back what chDB keeps of queries that are over (130 MB after the demo); opens nothing. */
  giveBackMemory(): Promise<void>
  /** How its tables are kept. */
  readonly engine: LensEngine
  /** A server of its own rather than chDB in this process. */
  readonly isRemote: boolean
  close(): Promise<void>
}

export interface LensOptions {
  /** A server of your own; without it chDB (ClickHouse inside this process) is used. */
  readonly clickhouseUrl?: string
  /** One machine where it is not said. */
  readonly engine?: LensEngine
  /** Where chDB keeps its data. */
  readonly dataFolder: string
}

type ClientConnection = NonNullable<ClickHouseClientConfigOptions['connection']>

/** The same on both, so that a query answers alike. */
const sharedSettings: ClickHouseSettings = {
  // 64-bit integers as JSON numbers. Counts and cents stay below 2^53; ids are UUIDs.
  output_format_json_quote_64bit_integers: 0,
  date_time_input_format: 'best_effort',
  // A change has happened when it is answered.
  mutations_sync: '2',
  // One insert is one block, so that one token stands for all of it; history may go back over more
  // years than ClickHouse expects of one insert.
  max_partitions_per_insert_block: '1000',
  max_insert_block_size: '10000000',
  min_insert_block_size_rows: '10000000',
  min_insert_block_size_bytes: '2000000000',
}

/**
 * Two threads: analysis scales to that (10 M rows grouped in 146 ms with two, 284 ms with one), and
 * on a small machine the pipeline must keep its share.
 *
 * chDB sets the settings of a query by SET, and they stay for the session. So whatever any query
 * sets needs its usual value here, from which every query starts: with a token left over from the
 * insert before, an insert would be dropped as a repetition, without an error.
 */
const embeddedSettings: ClickHouseSettings = {
  ...sharedSettings,
  max_threads: 2,
  insert_deduplication_token: '',
  max_execution_time: 0,
  max_memory_usage: '0',
}

export function openLens(options: LensOptions): Lens {
  let opened: Promise<ClickHouseClient> | null = null
  const others: ClickHouseClient[] = []
  let closed = false
  return {
    engine: options.engine ?? { kind: 'merge_tree' },
    isRemote: options.clickhouseUrl !== undefined,
    client() {
      if (closed) {
        return Promise.reject(new RapportError('store_unavailable', 'The lens is closed.'))
      }
      opened ??= open(options).catch((error: unknown) => {
        opened = null
        throw error
      })
      return opened
    },
    async apart(settings) {
      await this.client()
      const other =
        options.clickhouseUrl === undefined
          ? await apartEmbedded(options.dataFolder, settings)
          : createClient({
              url: options.clickhouseUrl,
              application: 'rapport',
              // Errors are thrown, and whoever catches them says so.
              log: { level: ClickHouseLogLevel.OFF },
              clickhouse_settings: { ...sharedSettings, ...settings },
            })
      others.push(other)
      return other
    },
    async giveBackMemory() {
      if (options.clickhouseUrl !== undefined || closed) return
      const client = await opened?.catch(() => null)
      // What cannot be given back, as by a build of chDB with another allocator, stays.
      await client?.command({ query: 'system jemalloc purge' }).catch(() => {})
    },
    async close() {
      closed = true
      const client = await opened?.catch(() => null)
      if (!client) return
      for (const other of others) await other.close()
      await client.close()
      if (!options.clickhouseUrl) {
        // close() returns while the engine may still be busy with an abandoned query; leaving the
        // process then can end in a native abort.
        const { drainPending } = await import('chdb')
        await drainPending()
      }
    },
  }
}

async function open(options: LensOptions): Promise<ClickHouseClient> {
  if (options.clickhouseUrl) {
    return createClient({
      url: options.clickhouseUrl,
      application: 'rapport',
      // Errors are thrown, and whoever catches them says so.
      log: { level: ClickHouseLogLevel.OFF },
      clickhouse_settings: sharedSettings,
    })
  }
  const path = folderOf(options.dataFolder)
  mkdirSync(path, { recursive: true, mode: 0o700 })
  try {
    // Imported here, since loading the native library takes 0.4 s and much memory.
    const { createChdbConnection } = await import('chdb/connection')
    // The same interface, but the client brings a copy of its types that TypeScript cannot equate.
    const connection = createChdbConnection({ path }) as unknown as ClientConnection
    return createClient({ connection, clickhouse_settings: embeddedSettings })
  } catch (error) {
    throw new RapportError(
      'store_unavailable',
      `chDB cannot open ${path}: ${String(error)}. Only one process at a time may use it; ` +
        'set CLICKHOUSE_URL where several need the lens.',
      {},
      error,
    )
  }
}

const folderOf = (dataFolder: string): string => join(dataFolder, 'chdb')

/** The settings are made once, for as long as the connection is open. */
async function apartEmbedded(
  dataFolder: string,
  settings: ClickHouseSettings,
): Promise<ClickHouseClient> {
  const { createChdbConnection } = await import('chdb/connection')
  const connection = createChdbConnection({ path: folderOf(dataFolder) })
  const client = createClient({ connection: connection as unknown as ClientConnection })
  // One after the other: after `readonly`, which is the last, nothing more can be set.
  const { readonly, ...others } = { ...sharedSettings, ...settings }
  for (const [name, value] of [...Object.entries(others), ['readonly', readonly ?? '0'] as const])
    await client.command({ query: `set ${name} = '${String(value)}'` })
  return client
}
