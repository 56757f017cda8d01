/** From rows of the ledger to balances and lines. */
import { dayMilliseconds } from '../../relationship/duration.ts'
import type { CompiledModel } from '../../relationship/compile-model.ts'
import type { LedgerLine, TrustPicture } from '../../domain/reports/trust.ts'
import { trustMeasures, type LedgerRow } from './trust-queries.ts'
import type { TimeSteps } from './time-steps.ts'

const mostLines = 40

type Balance = Pick<TrustPicture, 'opening' | 'deposits' | 'withdrawals' | 'balance' | 'faded'>

/** Balance at the end of each step: what was there, faded, and what the step left of its own. */
export function ledgerBalance(
  model: CompiledModel,
  rows: readonly LedgerRow[],
  steps: TimeSteps,
  days: number,
): Balance {
  const byStep = new Map(rows.filter(({ what }) => what === 'step').map((row) => [row.place, row]))
  const { deposit, withdrawal } = trustMeasures(model)
  const fade = (halfLife: number | null, length: number): number =>
    halfLife === null ? 1 : 2 ** (-(length * dayMilliseconds) / halfLife)
  const before = byStep.get(-1)
  let [put, taken] = [before?.depositsLeft ?? 0, before?.withdrawalsLeft ?? 0]
  const opening = put - taken
  const all = { put, taken }
  const balance: number[] = []
  for (let step = 0; step < steps.at.length; step++) {
    const row = byStep.get(step)
    const length = Math.min(steps.days, days - step * steps.days)
    put = put * fade(deposit.halfLife, length) + (row?.depositsLeft ?? 0)
    taken = taken * fade(withdrawal.halfLife, length) + (row?.withdrawalsLeft ?? 0)
    all.put += row?.deposits ?? 0
    all.taken += row?.withdrawals ?? 0
    balance.push(put - taken)
  }
  const each = (of: 'deposits' | 'withdrawals'): number[] =>
    steps.at.map((_, step) => byStep.get(step)?.[of] ?? 0)
  return {
    ...{ opening, balance },
    deposits: each('deposits'),
    withdrawals: each('withdrawals'),
    faded: { deposits: all.put - put, withdrawals: all.taken - taken },
  }
}

/** What moved most first. */
export function ledgerLines(
  model: CompiledModel,
  rows: readonly LedgerRow[],
  by: TrustPicture['by'],
): LedgerLine[] {
  const lines = new Map<string, LedgerLine>()
  const { deposit, withdrawal } = trustMeasures(model)
  const add = (id: string, line: Omit<LedgerLine, 'id'>): void => {
    const old = lines.get(id)
    const sum = (of: keyof typeof line): number => (old?.[of] ?? 0) + line[of]
    lines.set(id, {
      id,
      deposits: sum('deposits'),
      depositEntries: sum('depositEntries'),
      withdrawals: sum('withdrawals'),
      withdrawalEntries: sum('withdrawalEntries'),
      depositsLeft: sum('depositsLeft'),
      withdrawalsLeft: sum('withdrawalsLeft'),
    })
  }
  for (const row of rows) {
    if (row.what !== 'entry') continue
    const { deposit_entry: put, withdrawal_entry: taken } = row
    const nameOf = (because: string | undefined): string => {
      if (by === 'because') return because ?? ''
      return by === 'kind' ? row.kind : row.name
    }
    if (put > 0)
      add(nameOf(deposit.entries[put - 1]?.because), {
        ...{ deposits: row.deposits, depositEntries: row.entries, depositsLeft: row.depositsLeft },
        ...{ withdrawals: 0, withdrawalEntries: 0, withdrawalsLeft: 0 },
      })
    if (taken > 0)
      add(nameOf(withdrawal.entries[taken - 1]?.because), {
        ...{ deposits: 0, depositEntries: 0, depositsLeft: 0 },
        withdrawals: row.withdrawals,
        withdrawalEntries: row.entries,
        withdrawalsLeft: row.withdrawalsLeft,
      })
  }
  return [...lines.values()]
    .toSorted(
      (one, other) => other.deposits + other.withdrawals - one.deposits - one.withdrawals || (one.id < other.id ? -1 : 1), // prettier-ignore
    )
    .slice(0, mostLines)
}
