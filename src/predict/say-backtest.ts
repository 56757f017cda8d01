/** What came of a backtest, in a sentence. */
import type { BacktestView } from '../domain/prediction-view.ts'

/** @param who  what the people are called, for example "buyers" */
export function sayOfBacktest(
  { beatsAll, baselines, model, people }: BacktestView,
  who: string,
  say: (loss: number) => string,
): string {
  const best = baselines.toSorted((one, other) => one.value - other.value)[0]
  if (beatsAll) {
    const sure = baselines.every(({ beaten }) => beaten) ? '' : ', if not for sure'
    return `On ${people} ${who} it foretold better than every simple rule${sure}.`
  }
  return (
    `It does not beat a simple rule ("${best?.name}": off by ${say(best?.value ?? 0)}, this by ` +
    `${say(model)}), so it is not served. It is tried again by itself.`
  )
}
