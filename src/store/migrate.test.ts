import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrate, readMigrations, type Migration } from './migrate.ts'
import { freshDatabase, type TestTruth } from './testing.ts'

describe('migrate', () => {
  let truth: TestTruth
  beforeAll(async () => {
    truth = await freshDatabase()
  })
  afterAll(() => truth.close())

  it('does nothing where all is applied', async () => {
    expect(await migrate(truth.pool)).toEqual([])
  })

  it('applies each migration once, however many processes begin at once', async () => {
    const known = readMigrations()
    const added = [1, 2, 3].map((number) => ({
      version: known.length + number,
      name: `added_${number}`,
      sql: `create table added_${number} (id int)`,
      hash: `hash ${number}`,
    }))
    const results = await Promise.all(
      [1, 2, 3, 4].map(() => migrate(truth.pool, [...known, ...added])),
    )
    expect(results.flat().toSorted((a, b) => a - b)).toEqual(added.map(({ version }) => version))
    // A program that lacks what the database already has would write nonsense.
    await expect(migrate(truth.pool)).rejects.toThrow(/later release/)
  })

  it('applies nothing of a migration that fails', async () => {
    const other = await freshDatabase()
    const known = readMigrations()
    const broken = {
      version: known.length + 1,
      name: 'broken',
      sql: 'create table half_done (id int); select 1 / 0',
      hash: 'x',
    }
    await expect(migrate(other.pool, [...known, broken])).rejects.toThrow(/division by zero/)
    const found = await other.pool.query(`select to_regclass('half_done') as name`)
    expect(found.rows).toEqual([{ name: null }])
    expect(await migrate(other.pool)).toEqual([])
    await other.close()
  })

  it('refuses a migration that was changed after it was applied', async () => {
    const other = await freshDatabase()
    const changed = readMigrations().map((migration, index): Migration =>
      index === 0 ? { ...migration, hash: 'another' } : migration,
    )
    await expect(migrate(other.pool, changed)).rejects.toThrow(/Applied migrations never change/)
    await other.close()
  })
})
