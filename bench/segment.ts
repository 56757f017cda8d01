/**
 * Segments: previews before saving, building one of 100,000 members, and what membership costs each
 * touchpoint: with 20 segments of which 5 concern it, as a company has them, and with more to see how
 * it grows; in batches, at half load, and while 1,000 touchpoints a second come in and a segment is
 * rebuilt. Membership is in the transaction that is answered, so the latency of a request is that of
 * the membership that follows from it.
 *   npm run bench -- segment [--people 1000000] [--seconds 20]
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { figuresOf, measureRound } from './ingest-round.ts'
import { milliseconds, number, printTable, quantile, type Figure } from './table.ts'
import { multiplyPeople } from './multiply-people.ts'
import { startServer, type BenchServer } from './start-server.ts'
import type { LoadPlan } from './load.ts'
import type { SegmentPreview, SegmentView } from '../src/domain/segment-view.ts'

const and = (...rules: object[]): object => ({ combinator: 'and', rules })
const bought = (value: number, within = '30d'): object => ({ field: 'touchpoint.count', of: { kinds: ['purchase'] }, within, operator: 'at_least', value }) // prettier-ignore
const trust = (value: number): object => ({ field: 'trust.balance', operator: 'at_least', value })
const silent = (value: number): object => ({ field: 'seen.last_days', operator: 'at_least', value })

export async function segment(people: number, seconds: number): Promise<void> {
  const server = await startServer({ command: people > 0 ? 'demo' : 'start' })
  try {
    const made = people > 0 ? await multiplyPeople(server, people) : null
    if (made) await lensFilled(server)
    console.log(`${number(made?.persons ?? 0)} persons, ${number(made?.touchpoints ?? 0)} touchpoints in the log`) // prettier-ignore
    await measureSegments(server, made?.persons ?? 0, seconds)
  } finally {
    await server.stop()
  }
}

/** The copies reach the lens before anything is timed, as those of such a company have long since. */
async function lensFilled({ read }: BenchServer): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const isFilled = await read('/api/reports/ladder-flows').then(
      () => true,
      () => false,
    )
    if (isFilled) return
    await sleep(2_000)
  }
}

export async function measureSegments(
  server: BenchServer,
  persons: number,
  seconds: number,
): Promise<void> {
  if (persons > 0) await measurePreviews(server)
  if (persons > 0) await measureBuild(server, persons)
  await measureIntake(server, seconds)
}

async function measurePreviews({ write }: BenchServer): Promise<void> {
  const figures: Figure[] = []
  const questions: Record<string, (n: number) => object> = {
    'trust and last seen': (n) => and(trust(1 + n / 10), silent(n)),
    'rung and health': (n) => and({ field: 'rung.days', operator: 'at_least', value: n }, { field: 'health', operator: 'equals', value: 'green' }),
    'a dimension': (n) => and({ field: 'dimension.trust', operator: 'at_least', value: 20 + n }),
    'a trait': (n) => and({ field: 'trait.plan', operator: 'not_equals', value: `x${n}` }),
    'a history': (n) => and({ field: 'touchpoint.count', of: { kinds: ['content_viewed', 'feature_used'] }, within: `${10 + n}d`, operator: 'at_least', value: 2 }),
  } // prettier-ignore
  for (const [what, tree] of Object.entries(questions)) {
    const times: number[] = []
    let told: SegmentPreview | null = null
    for (let n = 1; n <= 4; n++) {
      const begun = performance.now()
      told = await write<SegmentPreview>('POST', '/api/segments/preview', { tree: tree(n) })
      times.push(performance.now() - begun)
      // The exact count in the background is not part of the next estimate.
      for (let i = 0; i < 200 && !told.final; i++) {
        await sleep(100)
        const again = await write<SegmentPreview>('POST', '/api/segments/preview', { tree: tree(n) }) // prettier-ignore
        if (!again.final) continue
        figures.push({ what: `${what}, exact`, figure: `${number(again.count)} for ${number(told.count)} (${number(told.low)} to ${number(told.high)}), ${milliseconds(again.milliseconds)}` }) // prettier-ignore
        break
      }
    }
    figures.push({ what: `${what}, first and worst of the next`, figure: `${milliseconds(times[0] ?? 0)}, ${milliseconds(Math.max(...times.slice(1)))}`, target: 'under 300 ms' }) // prettier-ignore
  }
  printTable('Previews', figures)
}

async function measureBuild(server: BenchServer, persons: number): Promise<void> {
  const share = { field: 'bucket', operator: 'below', value: Math.min(100, (100 * 100_000) / persons), salt: 'bench' } // prettier-ignore
  const trees = {
    'state: trust, last seen': and(share, trust(-1_000), { field: 'seen.last_days', operator: 'at_most', value: 3_000 }), // prettier-ignore
    'history beside it': and(share, { field: 'touchpoint.count', of: { kinds: ['complaint'] }, within: '30d', operator: 'at_most', value: 3 }), // prettier-ignore
    'days of everybody (a wake-up each)': and(share, { field: 'seen.last_days', operator: 'at_least', value: 0 }, { field: 'rung.days', operator: 'at_most', value: 3_600 }), // prettier-ignore
  }
  const figures: Figure[] = []
  for (const [what, tree] of Object.entries(trees)) {
    const view = await build(server, what, tree)
    figures.push({ what, figure: `${number(view.members)} members in ${milliseconds(view.milliseconds ?? 0)}`, target: 'under 2 s' }) // prettier-ignore
    await remove(server, view.id)
  }
  printTable('A full build', figures)
}

async function build(server: BenchServer, name: string, tree: object): Promise<SegmentView> {
  let view = await server.write<SegmentView>('POST', '/api/segments', { name, tree })
  while (view.state === 'building') {
    await sleep(100)
    view = await server.read<SegmentView>(`/api/segments/${view.id}`)
  }
  return view
}

const remove = (server: BenchServer, id: string): Promise<unknown> =>
  server.write('DELETE', `/api/segments/${id}`, {}).catch(() => {})

/** Each of them concerns whoever buys, which is all that the load does: state and history, mixed. */
const busy: ((n: number) => object)[] = [
  (n) => and(bought(n)),
  (n) => and(trust(n)),
  (n) => and({ field: 'value.own', operator: 'at_least', value: 100 * n }, silent(n)),
  (n) => and({ field: 'rung', operator: 'at_least', value: 'customer' }, { field: 'bucket', operator: 'below', value: n }), // prettier-ignore
  (n) => and({ field: 'touchpoint.sum', property: 'amount', of: { kinds: ['purchase'] }, within: '60d', operator: 'at_least', value: 50 * n }, trust(0)), // prettier-ignore
]
/** None of these ever meets a purchase. */
const quiet = (n: number): object =>
  and({ field: 'touchpoint.count', of: { kinds: ['webinar_attended'] }, operator: 'at_least', value: n }) // prettier-ignore

/** So many segments, of which so many concern every touchpoint that comes. */
interface Stage {
  readonly segments: number
  readonly concerned: number
  readonly title: string
}
const stages: readonly Stage[] = [
  { segments: 0, concerned: 0, title: 'no segment' },
  { segments: 20, concerned: 5, title: '20 segments, 5 of which every touchpoint concerns' },
  { segments: 60, concerned: 10, title: '60 segments, 10 of which every touchpoint concerns' },
  { segments: 100, concerned: 50, title: '100 segments, 50 of which every touchpoint concerns' },
]

async function measureIntake(server: BenchServer, seconds: number): Promise<void> {
  const plan = (run: string): LoadPlan => ({
    ...{ port: server.port, writeKey: server.writeKey, connections: 20, seconds, batch: 100, perSecond: null }, // prettier-ignore
    ...{ run: `${run}-${process.pid}`, first: 0, events: Number.MAX_SAFE_INTEGER },
    ...{ who: 'any', people: 20_000, prefix: 'buyer-', warmUp: Math.min(3, seconds / 4) },
  })
  await measureRound(server.pid, { ...plan('people'), who: 'each', events: 20_000, seconds: 600, warmUp: 0 }) // prettier-ignore
  const made = { busy: 0, quiet: 0 }
  let cpuOfNone = 0
  for (const { segments, concerned, title } of stages) {
    for (; made.busy < concerned; made.busy++)
      await build(server, `busy ${made.busy}`, (busy[made.busy % busy.length] as typeof quiet)(1 + (made.busy % 7))) // prettier-ignore
    for (; made.busy + made.quiet < segments; made.quiet++)
      await build(server, `quiet ${made.quiet}`, quiet(1 + made.quiet))
    const batches = await measureRound(server.pid, plan(`batches-${segments}`))
    const cpu = batches.cpuOfNode + batches.cpuOfStore
    cpuOfNone ||= cpu
    printTable(`Batches of 100 with ${title}`, [
      ...figuresOf(batches, {}),
      { what: 'CPU a touchpoint for that without any', figure: (cpu / cpuOfNone).toFixed(2) },
    ])
    await measureSingles(server, { plan, seconds, title, segments })
  }
}

interface Singles {
  readonly plan: (run: string) => LoadPlan
  readonly seconds: number
  readonly title: string
  readonly segments: number
}

/** One touchpoint a request: at half load, and while a segment is rebuilt again and again. */
async function measureSingles(
  server: BenchServer,
  { plan, seconds, title, segments }: Singles,
): Promise<void> {
  const round = (name: string, perSecond: number | null) =>
    measureRound(server.pid, { ...plan(`${name}-${segments}`), batch: 'single', connections: 32, perSecond }) // prettier-ignore
  const whole = await round('whole', null)
  const steady = await round('half', whole.perSecond / 2)
  printTable(`Single touchpoints at half of ${number(whole.perSecond)}/s, with ${title}`, figuresOf(steady, { p99: 50 })) // prettier-ignore
  const load = round('rebuild', 1_000)
  const times = await rebuildMeanwhile(server, seconds)
  printTable(`Single touchpoints, 1,000/s, while another segment is rebuilt, with ${title}`, [
    ...figuresOf(await load, { p99: 250 }),
    { what: 'rebuilds, the slowest', figure: `${times.length}, ${milliseconds(quantile(times, 1))}` }, // prettier-ignore
  ])
}

async function rebuildMeanwhile(server: BenchServer, seconds: number): Promise<number[]> {
  const end = performance.now() + (seconds - 1) * 1_000
  const name = 'rebuilt'
  const tree = (n: number): object => and({ field: 'bucket', operator: 'below', value: 10, salt: 'bench' }, silent(n / 1e6)) // prettier-ignore
  const { id } = await build(server, name, tree(0))
  const times: number[] = []
  for (let n = 1; performance.now() < end; n++) {
    const begun = performance.now()
    let view = await server.write<SegmentView>('PUT', `/api/segments/${id}`, { name, tree: tree(n) }) // prettier-ignore
    while (view.servingVersion !== view.version) {
      await sleep(50)
      view = await server.read<SegmentView>(`/api/segments/${id}`)
    }
    times.push(performance.now() - begun)
  }
  await remove(server, id)
  return times
}
