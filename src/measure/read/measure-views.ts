import { compileTotal } from '../../relationship/term.ts'
import { readSortableMark } from '../../relationship/aggregate.ts'
import { round } from './party-summary.ts'
import type { CompiledMeasure, State } from '../../relationship/measure-table.ts'
import type { CompiledModel } from '../../relationship/compile-model.ts'
import type { PartyDetail } from '../../domain/view.ts'

const units: Partial<Record<CompiledMeasure['declared']['kind'], string>> = {
  count: 'times',
  decayed_sum: 'points',
  days: 'days of the last 64',
  weeks: 'weeks of the last 64',
  recent: 'newest marks',
}

/** All declared measures with their value as of now. */
export function measureViews(
  model: CompiledModel,
  state: State,
  now: number,
): PartyDetail['measures'] {
  return model.measures
    .filter(({ isImplicit }) => !isImplicit)
    .map((measure) => {
      const { id, declared } = measure
      const unit = declared.kind === 'sum' ? (declared.unit ?? '') : (units[declared.kind] ?? '')
      return {
        id,
        name: declared.name,
        about: declared.about ?? '',
        kind: declared.kind,
        value: measureValue(model, measure, state, now),
        unit,
      }
    })
}

function measureValue(
  model: CompiledModel,
  { id, index, declared }: CompiledMeasure,
  state: State,
  now: number,
): number | string | null {
  const held = state[index]
  if (held === null || held === undefined) return null
  if (declared.kind === 'first' || declared.kind === 'last')
    return readSortableMark(held as string).text
  return round(compileTotal([{ measure: id, times: 1 }], model).value(state, now))
}
