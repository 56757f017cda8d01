/** Single outcomes: the newest ones, and the touches of one of them with their credit. */
import { creditOutcome, wholeOutcome } from '../attribution/ledger.ts'
import { orderOf, type MethodName } from '../attribution/attribute.ts'
import type { AttributionPicture } from '../../domain/reports/attribution.ts'
import type { ReportContext } from '../report.ts'
import { touchTest, type Codes, type PathQuestion } from './attribution-paths.ts'
import type { Credited } from './attribution-credits.ts'
import { partyNames } from './party-names.ts'
import { stepTest } from './steps.ts'

type Outcome = AttributionPicture['outcomes'][number]

const iso = (at: string): string =>
  `formatDateTime(fromUnixTimestamp64Milli(toInt64(${at}), 'UTC'), '%Y-%m-%dT%H:%i:%S.%fZ')`

/** Rows (party, time in ms, value) of outcomes up to the end of the period. */
function outcomesOf({ scope }: ReportContext, { outcome, rungs, currency }: PathQuestion) {
  const test = stepTest(outcome, 'outcome', rungs)
  const rows =
    outcome.rung === null
      ? `select party_id, toUnixTimestamp64Milli(occurred_at) as time, if(currency = {currency: String}, amount_minor, null) as value from ${scope.past} where ${test.ofTouchpoint}`
      : `select party_id, toUnixTimestamp64Milli(at) as time, null as value from ${scope.pastMoves} where ${test.ofMove}`
  return { rows, parameters: { ...test.parameters, currency } }
}

export async function newestOutcomes(
  context: ReportContext,
  question: PathQuestion,
): Promise<Outcome[]> {
  const { rows, parameters } = outcomesOf(context, question)
  const own =
    question.which === 'first'
      ? `select party_id, min(time) as time, argMin(value, rows.time) as value from (${rows}) as rows group by party_id having time >= {scope_from: Int64}`
      : `select * from (${rows}) where time >= {scope_from: Int64}`
  const newest = await context.rows<Omit<Outcome, 'name'>>(
    `select toString(party_id) as party, ${iso('time')} as at, value
     from (${own} order by time desc, party_id limit 20)`,
    parameters,
  )
  const names = await partyNames(
    context,
    newest.map(({ party }) => party),
  )
  return newest.map((one) => ({ ...one, name: names.get(one.party)?.name ?? '' }))
}

/** The currency of most outcomes; values in others are not added to it. */
export async function currencyOf(
  context: ReportContext,
  { outcome, rungs }: Pick<PathQuestion, 'outcome' | 'rungs'>,
): Promise<{ currency: string; others: number }> {
  if (outcome.rung !== null) return { currency: '', others: 0 }
  const { ofTouchpoint, parameters } = stepTest(outcome, 'outcome', rungs)
  const rows = await context.rows<{ name: string; outcomes: number }>(
    `select toString(currency) as name, count() as outcomes from ${context.scope.history}
     where ${ofTouchpoint} and amount_minor is not null group by currency order by outcomes desc, name`,
    parameters,
  )
  const others = rows.slice(1).reduce((sum, { outcomes }) => sum + outcomes, 0)
  return { currency: rows[0]?.name ?? '', others }
}

interface Touch {
  readonly at: string
  readonly kind: string
  readonly event: string
  readonly code: number
}

/** Null where this party had no such outcome at that time. */
export async function openOutcome(
  context: ReportContext,
  question: PathQuestion & { readonly methods: readonly MethodName[] },
  of: { party: string; at: number; codes: Codes; credited: Credited },
): Promise<AttributionPicture['opened']> {
  const { rows, parameters } = outcomesOf(context, question)
  const own = { party: of.party, at: of.at }
  const [found] = await context.rows<Omit<Outcome, 'name'> & { before: number }>(
    `select toString({party: UUID}) as party, ${iso('{at: Int64}')} as at, anyIf(value, time = {at: Int64}) as value,
       maxIf(time, time < {at: Int64}) as before
     from (${rows}) where party_id = {party: UUID} having countIf(time = {at: Int64}) > 0`,
    { ...parameters, ...own },
  )
  if (found === undefined) return null
  const isOutcome = stepTest(question.outcome, 'outcome', question.rungs)
  const [isTouch, ofTouch] = touchTest(question)
  const from = Math.max(of.at - question.lookback, question.which === 'each' ? found.before : 0)
  const touches = await context.rows<Touch>(
    `select ${iso('toUnixTimestamp64Milli(occurred_at)')} as at, toString(kind) as kind, toString(event) as event, ${of.codes.code} as code
     from ${context.scope.past} where party_id = {party: UUID} and ${isTouch} and not ${isOutcome.ofTouchpoint}
       and occurred_at >= fromUnixTimestamp64Milli({touch_from: Int64}, 'UTC') and occurred_at < fromUnixTimestamp64Milli({at: Int64}, 'UTC')
     order by occurred_at, code limit 10000`,
    { ...of.codes.parameters, ...isOutcome.parameters, ...ofTouch, ...own, touch_from: from },
  )
  const { party, at, value } = found
  const name = (await partyNames(context, [party])).get(party)?.name ?? ''
  return { ...{ party, name, at, value }, touches: creditTouches(touches, question, of) }
} // prettier-ignore

function creditTouches(
  touches: readonly Touch[],
  { methods, halfLife }: { methods: readonly MethodName[]; halfLife: number },
  { at, codes, credited }: { at: number; codes: Codes; credited: Credited },
): NonNullable<AttributionPicture['opened']>['touches'] {
  const runs: { touch: Touch; touches: number }[] = []
  for (const touch of touches) {
    const run = runs.at(-1)
    if (run?.touch.code === touch.code) runs[runs.length - 1] = { touch, touches: run.touches + 1 }
    else runs.push({ touch, touches: 1 })
  }
  const steps = runs.map(({ touch }) => credited.codes.indexOf(touch.code))
  const ages = runs.map(({ touch }) => (at - Date.parse(touch.at)) / 86_400_000)
  const shares = methods.map((method) => {
    const facts = credited.attribution.markov.find(({ order }) => order === orderOf(method))
    return creditOutcome(wholeOutcome, {
      ...{ steps, method, rule: { halfLife, ages } },
      ...(facts ? { removalEffects: facts.removalEffects } : {}),
    })
  })
  return runs.map(({ touch, touches: count }, run) => ({
    ...{ channel: codes.nameOf(touch.code), kind: touch.kind, event: touch.event, at: touch.at },
    touches: count,
    credits: shares.map((share) => share[run] ?? 0),
  }))
}
