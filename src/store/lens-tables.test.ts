import { describe, expect, test } from 'vitest'
import { dropLensDdl, lensDdl } from './lens-tables.ts'

const replicated = { kind: 'replicated', cluster: 'main' } as const
const made = (statements: readonly string[], name: string): string =>
  statements.find((statement) => statement.includes(` ${name} on cluster `) || statement.includes(` ${name} (`)) ?? '' // prettier-ignore

describe('the tables of the lens', () => {
  test('on one machine are plain, durable, and drop an insert that is repeated', () => {
    const statements = lensDdl({ kind: 'merge_tree' })
    const touchpoint = made(statements, 'touchpoint')
    expect(touchpoint).toMatch(/^create table if not exists touchpoint \(/)
    expect(touchpoint).toContain('engine = MergeTree()\npartition by toYYYYMM(occurred_at)')
    expect(touchpoint).toContain('non_replicated_deduplication_window = 1000')
    expect(touchpoint).toContain('fsync_after_insert = 1')
    expect(made(statements, 'party')).toContain('engine = ReplacingMergeTree(version)')
    expect(statements.join('\n')).not.toMatch(/on cluster|Replicated|Distributed/)
  })

  test('on a cluster are replicated, each with one that spreads over the shards', () => {
    const statements = lensDdl(replicated)
    const stored = made(statements, 'touchpoint_local')
    expect(stored).toContain('create table if not exists touchpoint_local on cluster main (')
    expect(stored).toContain(
      "engine = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/touchpoint_local', '{replica}')",
    )
    expect(stored).toContain('replicated_deduplication_window = 1000')
    expect(made(statements, 'touchpoint')).toContain(
      'engine = Distributed(main, currentDatabase(), touchpoint_local, cityHash64(subject_id))',
    )
    expect(made(statements, 'party_local')).toContain("'{replica}', version)")
    expect(statements.filter((statement) => !statement.includes('on cluster main'))).toEqual([])
  })

  test('on ClickHouse Cloud leave replication and durability to it', () => {
    const statements = lensDdl({ kind: 'cloud' })
    expect(made(statements, 'touchpoint')).toContain('engine = MergeTree()')
    expect(statements.join('\n')).not.toContain('settings')
  })

  test('months in files are read from there, and what came later from the table', () => {
    const archived = [{ month: 202403, lastBatch: 7, file: "/data/it's/a.parquet" }]
    const view = lensDdl({ kind: 'merge_tree' }, archived).find((text) =>
      text.includes('view stored_touchpoint'),
    )
    expect(view).toContain('x.1 = toYYYYMM(occurred_at) and x.2 >= batch, [(202403, 7)]')
    expect(view).toContain(
      String.raw`from file('/data/it\'s/a.parquet', 'Parquet', 'subject_id UUID`,
    )
  })

  test.each([{ kind: 'merge_tree' } as const, replicated])(
    'all that is made is dropped: %o',
    (engine) => {
      const names = (statements: readonly string[], verb: RegExp): string[] =>
        statements.flatMap((statement) => verb.exec(statement)?.[1] ?? []).toSorted()
      expect(names(dropLensDdl(engine), /^drop (?:table|view) if exists (\w+)/)).toEqual(
        names(lensDdl(engine), /^create (?:table if not exists|or replace view) (\w+)/),
      )
    },
  )
})
