import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type pg from 'pg'
import { freshDatabase, type TestTruth } from './testing.ts'
import { prepareRepeated, RepeatedStatements } from './repeated-statements.ts'

const times = <Value>(count: number, make: (turn: number) => Value): Value[] =>
  Array.from({ length: count }, (_, turn) => make(turn))

describe('names of statements', () => {
  test('are given to writes that come again and again, once for all', () => {
    const statements = new RepeatedStatements()
    const names = times(25, () => statements.nameOf('insert into a values ($1)'))
    expect(names.slice(0, 19)).toEqual(times(19, () => undefined))
    expect(new Set(names.slice(19))).toEqual(new Set(['rapport_1']))
  })

  test('are never given to reads, whose plan depends on their values', () => {
    const statements = new RepeatedStatements()
    expect(times(50, () => statements.nameOf('select $1')).every((name) => !name)).toBe(true)
  })

  test('are bounded, however many texts come', () => {
    const statements = new RepeatedStatements()
    const names = times(2_000, (turn) =>
      times(20, () => statements.nameOf(`update a set b${turn} = $1`)),
    )
    expect(new Set(names.flat()).size).toBe(33)
  })
})

describe('a connection', () => {
  let truth: TestTruth
  let client: pg.PoolClient
  beforeAll(async () => {
    truth = await freshDatabase()
    client = await truth.pool.connect()
    await client.query('create temporary table number (n int primary key)')
    prepareRepeated(client, new RepeatedStatements())
  })
  afterAll(async () => {
    client.release()
    await truth.close()
  })

  test('prepares what is repeated, once, and answers as before', async () => {
    for (const n of times(30, (turn) => turn)) {
      const { rows } = await client.query('insert into number values ($1) returning n', [n])
      expect(rows).toEqual([{ n }])
    }
    const { rows } = await client.query('select name, generic_plans + custom_plans as used from pg_prepared_statements') // prettier-ignore
    expect(rows).toEqual([{ name: 'rapport_1', used: 11 }])
  })

  test('is well after a prepared statement failed', async () => {
    const again = client.query('insert into number values ($1) returning n', [1])
    await expect(again).rejects.toThrow(/duplicate key/)
    expect((await client.query('insert into number values ($1) returning n', [99])).rowCount).toBe(
      1,
    )
  })
})
