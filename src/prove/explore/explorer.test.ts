/** Questions in SQL: right answers to right ones, and nothing but a reason to all others. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { examples } from './schema.ts'
import { exploreWorld, type ExploreWorld } from './testing.ts'
import { rowsShown } from './explorer.ts'
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

describe('what is answered', () => {
  test('rows with their types, whole numbers exactly', async () => {
    const answer = await ask(
      `select kind, count() as n, sum(amount_minor) as money, toUInt64(18446744073709551615) as large, '12' as word
       from history group by kind order by n -- the small one first\n;`,
    )
    expect(answer.columns.map(({ name }) => name)).toEqual(['kind', 'n', 'money', 'large', 'word'])
    expect(answer.rows).toEqual([
      ['purchase', 40, 20_000, '18446744073709551615', '12'],
      ['page_viewed', 80, null, '18446744073709551615', '12'],
    ])
    expect(answer.isCut).toBe(false)
  })

  test('more rows than are shown are cut, in the order that was asked for', async () => {
    const { rows, isCut } = await ask('select number from numbers(2000000) order by number desc')
    expect([rows.length, rows[0], isCut]).toEqual([rowsShown, [1_999_999], true])
    const union = await ask(
      'select 1 as a from numbers(9000) union all select 2 from numbers(9000)',
    )
    expect([union.rows.length, union.isCut]).toEqual([rowsShown, true])
  })

  test.each(examples)('the example: $title', async ({ sql }) => {
    await expect(ask(sql)).resolves.toBeDefined()
  })

  test.each([
    'with a as (select party_id, count() as n from history group by party_id) select avg(n) from a',
    'with recursive r as (select 1 as x union all select x + 1 from r where x < 5) select sum(x) from r',
    'select quantile(0.9)(score), countIf(kind = \'purchase\'), sumOrNullIf(score, score > 0) from history',
    'select party_id, row_number() over (partition by kind order by occurred_at) as n from history limit 3',
    'select * except (properties, context) from history limit 3',
    'select arrayMap(x -> x * 2, range(3)) as a, arraySort(x -> -x, a), (1, 2).1, [1, 2][1], b ? 1 : 2 from (select 1 as b)',
    'select JSONExtractString(properties, \'plan\') as plan, count() from history group by plan with totals',
    'select toStartOfWeek(occurred_at) as w, count() from history group by w order by w with fill step interval 1 week',
    'select kind, count() from history group by grouping sets ((kind), ()) having count() > 1 limit 1 by kind',
    'select * from history as h left join parties as p using party_id where h.kind like \'%e%\' limit 2',
    'select case when score > 0.5 then 1 else 0 end, score between 0 and 1, score is null, cast(score as Nullable(String)) from history',
    'select * from moves array join [1, 2] as y',
    'select sequenceMatch(\'(?1)(?2)\')(toDateTime(occurred_at), kind = \'a\', kind = \'b\') from history group by party_id',
    'select "kind", `kind` from history where kind in (select kind from history) and channel in (\'a\', \'email\')',
    'select 1 intersect select 1 except select 2',
    'select max(occurred_at) over w from history window w as (partition by party_id)',
    'select columns(\'id$\') from history limit 1',
    'select groupArraySample(3)(kind), uniqExact(party_id), topK(3)(kind) from history',
    'from history select count()',
    '(select 1) union all (select 2)',
  ])('%s', async (sql) => {
    await expect(ask(sql)).resolves.toBeDefined()
  }) // prettier-ignore

  test('a file of each kind', async () => {
    const csv = await world.explorer.file("select 1 as a, 'x' as b", 'csv')
    expect(csv.toString()).toBe('"a","b"\n1,"x"\n')
    const lines = await world.explorer.file('select 1 as a', 'ndjson')
    expect(lines.toString()).toBe('{"a":1}\n')
    const parquet = await world.explorer.file('select 1 as a', 'parquet')
    expect(parquet.subarray(0, 4).toString()).toBe('PAR1')
  })
})

describe('what is wrong is said with its place', () => {
  test.each([
    ['select kind frm history\nwhere', 1, 17],
    ['select kind,\n  nope\nfrom history', 2, 3],
    ['select /* größer */ \'ü\', kind\nfrom history\nwhere )', 3, 7],
    ['select sumx(score) from history', 1, 8],
    ['select \'open', 1, 8],
    ['select kind from history settings max_threads = 1', 1, 26],
    ['select 1; select 2', 1, 9],
    ['select * from touchpoint', 1, 15],
    ['select * from system.users', 1, 22],
    ['insert into party values (1)', 1, 1],
    ['', 1, 1],
    ['select (1', 1, 9],
  ] as const)('%s', async (sql, line, column) => {
    const found = await problem(sql)
    expect([found.code, found.extra]).toEqual(['invalid_query', { line, column }])
    expect(found.detail).not.toContain('FORMAT')
  }) // prettier-ignore
})

describe('limits', () => {
  test.each([
    'select sum(sipHash64(number)) from numbers(1000000000000)',
    'select groupArray(number) from numbers(1000000000)',
    'select repeat(\'x\', 1000000000)',
    'select count() from history as a, history as b, history as c, history as d, history as e, history as f',
    'select arrayJoin(range(1000000)) as a, arrayJoin(range(1000000)) as b, repeat(\'a\', a)',
    'with recursive r as (select 1 as x union all select x + 1 from r) select sum(x) from r',
    'select (select sum(sipHash64(number)) from numbers(1000000000000))',
    'select repeat(\'x\', 1000000) from numbers(9000)',
  ])('%s', async (sql) => {
    const began = performance.now()
    const found = await problem(sql)
    expect(found.code).toBe('query_too_expensive')
    expect(performance.now() - began).toBeLessThan(6_000)
    // What the failed one had written is not before the next answer.
    expect((await ask('select 1 as one')).rows).toEqual([[1]])
  }, 20_000) // prettier-ignore

  test('a slow question does not hold up the reports, and ends when nobody waits', async () => {
    const gone = new AbortController()
    const slow = world.explorer.ask('select sum(sipHash64(number)) from numbers(1000000000000)', gone.signal)
    const failed = slow.catch((error: unknown) => error)
    const began = performance.now()
    await world.reader.rows('select count() from history')
    expect(performance.now() - began).toBeLessThan(900)
    setTimeout(() => gone.abort(), 100)
    await failed
    expect(performance.now() - began).toBeLessThan(950)
    expect((await ask('select 2 as two')).rows).toEqual([[2]])
  }) // prettier-ignore

  test('of many at once, some are sent away', async () => {
    const slow = problem('select sum(sipHash64(number)) from numbers(1000000000000)')
    await sleep(300)
    const all = await Promise.allSettled(Array.from({ length: 12 }, () => ask('select 1')))
    expect((await slow).code).toBe('query_too_expensive')
    const refused = all.flatMap((one) => (one.status === 'rejected' ? [one.reason as RapportError] : []))
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.every(({ code }) => code === 'overloaded')).toBe(true)
    expect(all.some(({ status }) => status === 'fulfilled')).toBe(true)
  }) // prettier-ignore
})

test('views over archived files are read, though no question may read a file', async () => {
  const client = await world.reader.client()
  await client.command({
    query: `create or replace view moves as select * from file('${world.canary}', 'CSV', 'at String')`,
  })
  expect((await ask('select count() from moves')).rows).toEqual([[1]])
})
