/**
 * The People list, a person's page and the home page over the real API, with a million parties: every
 * sort, filter and search, first pages and the next ones. One request at a time, as one reader asks.
 *   npm run bench -- people [--people 1000000]
 */
import { multiplyPeople, type Made } from './multiply-people.ts'
import { number, p50And99, printTable, type Figure } from './table.ts'
import { startServer, type BenchServer } from './start-server.ts'

const timesEach = 30
const target = 'p99 under 100 ms'

interface Page {
  readonly parties: readonly { readonly id: string; readonly displayName: string }[]
  readonly next: string | null
}

/** Addresses by what they show. */
async function questions({ askStore }: BenchServer): Promise<Readonly<Record<string, string>>> {
  const list = '/api/parties?limit=50'
  const { email, id, account, persona } = await askStore<Record<string, string>>(`
    select email.value as email, email.party_id as id,
      (select party_id from identifier i join membership m on m.account_subject_id = i.subject_id
        limit 1) as account,
      (select persona from relationship_1 where persona is not null limit 1) as persona
    from identifier email where email.namespace = 'email' and position('+' in value) = 0 limit 1`)
  const { rungs } = await askStore<{ rungs: string[] }>(
    `select array_agg(distinct to_value) as rungs from transition where what = 'rung'`,
  )
  const words = { 'one letter': 'a', 'three letters': 'and', 'two words': 'an ba', nobody: 'zzxq' }
  return {
    'list, by last seen': list,
    'list, by name': `${list}&sort=name`,
    'list, by rung': `${list}&sort=rung`,
    'list of accounts': `${list}&kind=account`,
    'accounts by name': `${list}&kind=account&sort=name`,
    ...Object.fromEntries(rungs.map((rung) => [`rung ${rung}`, `${list}&rung=${rung}`])),
    ...Object.fromEntries(
      ['green', 'yellow', 'red'].map((health) => [`health ${health}`, `${list}&health=${health}`]),
    ),
    'rung and health': `${list}&rung=customer&health=red`,
    'rung and health, by name': `${list}&rung=advocate&health=red&sort=name`,
    'health red, by rung': `${list}&health=red&sort=rung`,
    'rare rung, by name': `${list}&rung=advocate&sort=name`,
    persona: `${list}&persona=${persona}`,
    'people of an account': `${list}&account=${account}`,
    ...Object.fromEntries(
      Object.entries(words).flatMap(([what, text]) => [
        [`search: ${what}`, `${list}&search=${encodeURIComponent(text)}`],
      ]),
    ),
    'search: one letter, by name': `${list}&search=a&sort=name`,
    'search: beginning of an e-mail': `${list}&search=${encodeURIComponent(email?.slice(0, 9) ?? '')}`,
    'search and rung': `${list}&search=an&rung=customer`,
    'look-up by e-mail': `/api/parties?identifier=email:${encodeURIComponent(email ?? '')}`,
    'a person': `/api/parties/${id}`,
    'their timeline': `/api/parties/${id}/touchpoints`,
    'their trust': `/api/parties/${id}/trust`,
    'home: ladder of 7 days': '/api/ladder',
    'home: health of 182 days': '/api/health-calendar',
    'home: who rose': '/api/movers?direction=rose',
    'home: who slipped': '/api/movers?direction=slipped',
    'home: reach of 30 days': '/api/reach',
  }
}

export async function people(count: number): Promise<void> {
  const server = await startServer({ command: 'demo' })
  try {
    await measurePeople(server, await multiplyPeople(server, count))
  } finally {
    await server.stop()
  }
}

export async function measurePeople(server: BenchServer, made: Made): Promise<void> {
  const figures: Figure[] = []
  const tell = (what: string, times: readonly number[], rows: number): void => {
    figures.push({ what, figure: `${p50And99(times)}, ${number(rows)} rows`, target })
    process.stderr.write(`  ${what}: ${p50And99(times)}\n`)
  }
  for (const [what, path] of Object.entries(await questions(server))) {
    const { first, times, rows } = await ask(server, path)
    if (first > 3 * Math.max(...times)) tell(`${what}, asked first`, [first], rows)
    tell(what, times, rows)
  }
  for (const sort of ['recent', 'name', 'rung']) {
    const { times, rows } = await pageThrough(server, `/api/parties?limit=50&sort=${sort}`)
    tell(`next pages, sort ${sort}`, times, rows)
  }
  printTable(`People: ${number(made.persons)} persons, ${number(made.accounts)} accounts, ${number(made.identifiers)} identifiers, ${number(made.transitions)} transitions; p50 / p99 over HTTP`, figures) // prettier-ignore
}

async function ask(
  { read }: BenchServer,
  path: string,
): Promise<{ first: number; times: number[]; rows: number }> {
  let rows = 0
  const once = async (): Promise<number> => {
    const begun = performance.now()
    const answer = await read<Record<string, unknown>>(path)
    rows = Object.values(answer).find(Array.isArray)?.length ?? 1
    return performance.now() - begun
  }
  const first = await once()
  const times: number[] = []
  // A question that takes seconds need not be asked thirty times to know that.
  for (let spent = 0; times.length < timesEach && spent < 10_000; spent += times.at(-1) ?? 0) {
    times.push(await once())
  }
  return { first, times, rows }
}

async function pageThrough(
  { read }: BenchServer,
  path: string,
): Promise<{ times: number[]; rows: number }> {
  const times: number[] = []
  let rows = 0
  let next: string | null = (await read<Page>(path)).next
  while (next !== null && times.length < timesEach) {
    const begun = performance.now()
    const page: Page = await read<Page>(`${path}&cursor=${next}`)
    times.push(performance.now() - begun)
    rows += page.parties.length
    next = page.next
  }
  return { times, rows }
}
