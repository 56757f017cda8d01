/** Nothing but a SELECT over our views is run, whatever it is dressed as. */
import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exploreWorld, secret, type ExploreWorld } from './testing.ts'
import { RapportError } from '../../domain/error.ts'

let world: ExploreWorld
beforeAll(async () => {
  world = await exploreWorld()
})
afterAll(() => world.close())

const ask = (sql: string) => world.explorer.ask(sql)
const problem = async (sql: string): Promise<RapportError> => {
  try {
    const answer = await ask(sql)
    throw new RapportError('internal', `answered: ${JSON.stringify(answer).slice(0, 300)}`)
  } catch (error) {
    if (error instanceof RapportError) return error
    throw error
  }
}

describe('what must not be reached', () => {
  const attacks = (canary: string): string[] => [
    `select file('${canary}')`,
    `select * from file('${canary}', 'LineAsString')`,
    `select * from (select * from file('${canary}', 'LineAsString') settings readonly = 0)`,
    `select * from (select * from file('${canary}', 'LineAsString') SeTtInGs/**/readonly = 0)`,
    `select arrayMap(file, ['${canary}'])`,
    `with file as f select arrayMap(f, ['${canary}'])`,
    `select arrayMap(\`file\`, ['${canary}'])`,
    `select * apply(file) from (select '${canary}' as a)`,
    `select * apply file from (select '${canary}' as a)`,
    `select columns('a') apply (x -> file(x)) from (select '${canary}' as a)`,
    `select FILE('${canary}')`,
    `select "file"('${canary}')`,
    `select 1 in file('${canary}', 'LineAsString')`,
    `select * from history where event in (select * from file('${canary}', 'LineAsString'))`,
    `with (select file('${canary}')) as a select a`,
    `select 1) union all (select file('${canary}')`,
    `select 1 -- \n; select file('${canary}')`,
    `select 1 /* */ ; insert into party (party_id) values (generateUUIDv4())`,
    `select x'\\', file('${canary}'), '' `,
    `select $$ ' $$, file('${canary}'), $$ ' $$`,
    `select 1 # '\n, file('${canary}') -- '`,
    `select 1 // '\n, file('${canary}') -- '`,
    `select 1 into outfile '${canary}.out'`,
    `select 1 format CSV settings readonly = 0`,
    `insert into function file('${canary}.out', 'CSV') select 1`,
    `select * from url('http://127.0.0.1:9/', 'LineAsString')`,
    `select * from remote('127.0.0.1', system.one)`,
    `select * from executable('cat', 'TabSeparated', 'a String')`,
    `select * from sqlite('a', 'b')`,
    `select * from postgresql('127.0.0.1:5432', 'a', 'b', 'c', 'd')`,
    `select * from eval('select 1')`,
    `select * from merge('system', '.*')`,
    `select * from merge('.*')`,
    `select * from cluster('default', system.one)`,
    `select * from dictionary('a')`,
    `select * from view(select 1)`,
    `select * from (explain select 1)`,
    `explain select 1`,
    `select * from loop(history)`,
    `select dictGet('a', 'b', 1)`,
    `select joinGet('a', 'b', 1)`,
    `select aiGenerate('hello')`,
    `select sleep(3)`,
    `select getServerSetting('path'), hostName(), currentUser(), getMacro('a')`,
    `select hasColumnInTable('default', 'party', 'name')`,
    `select hasColumnInTable('127.0.0.1', 'default', 'party', 'name')`,
    `select * from system.tables`,
    'select * from `system`.`tables`',
    'select * from "system"."tables"',
    'select * from "system.tables"',
    `select * from information_schema.tables`,
    `select 1 in system.one`,
    `select (1) in (system.one)`,
    `select 1 global not in touchpoint`,
    `select * from party`,
    `select * from default.party`,
    `select * from segment_member`,
    `select * from history join system.one on 1`,
    `select * from history, lens_name`,
    `select {a: Identifier}`,
    `select @@version`,
    `set readonly = 0`,
    `drop table party`,
    `alter table party delete where 1`,
    `kill query where 1`,
    `system shutdown`,
    `attach table a (b Int8) engine = File(CSV)`,
    `create temporary table a (b Int8)`,
    `create function f as x -> x`,
    `optimize table party`,
    `use system`,
    `show tables`,
    `describe table party`,
    'select 1\u0000, 2',
    'select\u00a01',
    'select \u2018a\u2019',
    `select ${'('.repeat(200)}1${')'.repeat(200)}`,
    `select ${'-'.repeat(1)}${'not '.repeat(9_000)}1`,
    `select ${'a'.repeat(60_000)}`,
  ] // prettier-ignore

  test('each of many ways in is refused', async () => {
    for (const sql of attacks(world.canary)) {
      const found = await problem(sql)
      expect([sql.slice(0, 120), found.status]).toEqual([sql.slice(0, 120), 422])
    }
    const { rows } = await ask('select count() from history')
    expect(rows).toEqual([[120]])
    expect(readdirSync(world.folder).toSorted()).toEqual(['canary.txt', 'chdb'])
  })

  test('nor are they when put together by chance', async () => {
    const file = `file('${world.canary}', 'LineAsString')`
    const pieces = fc.constantFrom(
      ...['select ', ' from ', '(', ')', ' union all ', ' settings readonly = 0 ', ', ', ' * ', '1', '"', "'"],
      ...[`\``, ' -- ', '\n', '/*', '*/', ' as x ', ' with ', 'x -> ', ' in ', ';', '\\', ' limit 1 ', '# ', '$$'],
      ...['history', 'system.one', file, `file('${world.canary}')`, 'arrayMap(', 'file', ' apply ', ' format CSV '],
      ...['identity(', `'${world.canary}'`, ' join ', ' where ', '[', ']', '::String', ' x ', ' a as (', '(select '],
    ) // prettier-ignore
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 14 }), fc.boolean(), async (parts, begins) => {
        const sql = (begins ? 'select ' : '') + parts.join('')
        try {
          const answer = JSON.stringify((await ask(sql)).rows)
          expect(answer).not.toContain(secret)
        } catch (error) {
          if (!(error instanceof RapportError)) throw error
          expect(['invalid_query', 'query_too_expensive']).toContain(error.code)
          expect(error.message).not.toContain(secret)
        }
      }),
      { numRuns: 1_500 },
    )
  }, 60_000)
})
