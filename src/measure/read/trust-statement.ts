/** Trust as a bank account: every deposit and withdrawal with its reason, and the balance after it. */
import { dayMilliseconds } from '../../relationship/duration.ts'
import { measureContributions } from './contributions.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { isoTime, round } from './party-summary.ts'
import type { CompiledModel } from '../../relationship/compile-model.ts'
import type { Touchpoint } from '../../domain/touchpoint.ts'
import type { TrustStatement } from '../../domain/view.ts'

const entriesAPage = 50

/** Where a customer's words stand in the properties of a touchpoint. */
const textKeys = [
  'text',
  'review',
  'comment',
  'body',
  'message',
  'description',
  'feedback',
] as const

export function trustStatementOf(
  model: CompiledModel,
  touchpoints: readonly Touchpoint[],
  now: number,
  cursor?: string,
): TrustStatement {
  const { deposits, withdrawals } = model.declared.trust
  const byId = new Map(touchpoints.map((touchpoint) => [touchpoint.id, touchpoint]))
  const of = (id: string, sign: 1 | -1): Movement[] => {
    const measure = model.byId.get(id)
    if (!measure?.halfLife) return []
    const { halfLife } = measure
    return measureContributions(model, measure, touchpoints, now).map((each) => ({
      touchpoint: byId.get(each.touchpointId) as Touchpoint,
      because: each.because,
      sign,
      points: each.weight,
      pointsNow: each.contribution,
      halfLife,
    }))
  }
  const movements = [...of(deposits, 1), ...of(withdrawals, -1)].sort(inTime)
  const balances = runningBalances(movements)
  const sum = (sign: number): number =>
    movements.reduce((total, each) => (each.sign === sign ? total + each.pointsNow : total), 0)
  const from = cursor === undefined ? movements.length : Number(decodeCursor(cursor, ['place'])[0])
  const start = Math.max(0, from - entriesAPage)
  const days = (id: string): number => (model.byId.get(id)?.halfLife ?? 0) / dayMilliseconds
  return {
    balance: round(sum(1) - sum(-1)),
    deposits: round(sum(1)),
    withdrawals: round(sum(-1)),
    asOf: isoTime(now),
    halfLifeDays: { deposits: days(deposits), withdrawals: days(withdrawals) },
    entries: movements
      .slice(start, from)
      .map((movement, i) => entryOf(movement, balances[start + i] ?? 0))
      .reverse(),
    next: start > 0 ? encodeCursor([start]) : null,
  }
}

interface Movement {
  readonly touchpoint: Touchpoint
  readonly because: string
  readonly sign: 1 | -1
  readonly points: number
  readonly pointsNow: number
  readonly halfLife: number
}

function inTime(a: Movement, b: Movement): number {
  return (
    a.touchpoint.occurredAt - b.touchpoint.occurredAt ||
    (a.touchpoint.id < b.touchpoint.id ? -1 : 1)
  )
}

/** Balance right after each entry, as of its own time: both sides fade between entries. */
function runningBalances(movements: readonly Movement[]): number[] {
  const sides = { '1': 0, '-1': 0 }
  let at = movements[0]?.touchpoint.occurredAt ?? 0
  const lives = { '1': lifeOf(movements, 1), '-1': lifeOf(movements, -1) }
  return movements.map(({ touchpoint, sign, points }) => {
    const elapsed = touchpoint.occurredAt - at
    at = touchpoint.occurredAt
    sides['1'] *= 2 ** (-elapsed / lives['1'])
    sides['-1'] *= 2 ** (-elapsed / lives['-1'])
    sides[`${sign}`] += points
    return sides['1'] - sides['-1']
  })
}

const lifeOf = (movements: readonly Movement[], sign: number): number =>
  movements.find((movement) => movement.sign === sign)?.halfLife ?? Infinity

function entryOf(movement: Movement, balanceAfter: number): TrustStatement['entries'][number] {
  const { touchpoint, because, sign, points, pointsNow } = movement
  const text = textKeys
    .map((key) => touchpoint.properties[key])
    .find((value) => typeof value === 'string')
  return {
    touchpointId: touchpoint.id,
    at: isoTime(touchpoint.occurredAt),
    kind: touchpoint.kind,
    event: touchpoint.event,
    channel: touchpoint.channel,
    because,
    points: round(sign * points),
    pointsNow: round(sign * pointsNow, 3),
    balanceAfter: round(balanceAfter),
    sentiment: touchpoint.sentiment,
    score: touchpoint.score,
    text: text === undefined ? null : String(text).slice(0, 2_000),
  }
}
