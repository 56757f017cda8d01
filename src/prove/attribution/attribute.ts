/** All methods side by side, for one outcome: each shares out the same total. */
import { buildChain } from './chain.ts'
import { countRules, type Credit, type Totals } from './count-rules.ts'
import { RapportError } from '../../domain/error.ts'
import { checkPaths, type PathColumns } from './paths.ts'
import { removalEffects } from './removal-effects.ts'
import { ruleNames, usualHalfLife } from './rules.ts'
import { countTransitions, highestOrder, lowerOrder } from './transitions.ts'

export const methodNames = [
  ...ruleNames,
  'markov_1',
  'markov_2',
  'markov_3',
  'markov_4',
  'shapley',
] as const
export type MethodName = (typeof methodNames)[number]

export interface MarkovFacts {
  readonly order: number
  readonly baseConversion: number
  readonly removalEffects: Float64Array
}

export interface Attribution {
  readonly channels: readonly string[]
  readonly totals: Readonly<Totals>
  /** Only of the methods asked for. Each adds up to the totals less what is unattributed. */
  readonly credits: ReadonlyMap<MethodName, Credit>
  readonly markov: readonly MarkovFacts[]
}

export interface AttributionOptions {
  readonly methods?: readonly MethodName[]
  /** In days where the paths have ages, else in steps. */
  readonly halfLife?: number
}

export const usualMethods: readonly MethodName[] = [...ruleNames, 'markov_1', 'shapley']

/** Beyond, it is not channels that stand in the paths. */
export const mostChannels = 1_000

/**
 * @param chunks Paths over the same channels, whole or in pieces: each is walked over once.
 * @throws RapportError invalid_analysis for columns that do not fit each other.
 */
export function attribute(
  chunks: PathColumns | Iterable<PathColumns>,
  { methods = usualMethods, halfLife = usualHalfLife }: AttributionOptions = {},
): Attribution {
  const orders = methods.flatMap((method) => orderOf(method) ?? [])
  const pieces = Symbol.iterator in chunks ? chunks : [chunks]
  let channels: readonly string[] | null = null
  let rules = countRules(0, halfLife)
  let transitions = countTransitions(0, 1)
  for (const piece of pieces) {
    if (channels === null) {
      channels = piece.channels
      if (channels.length > mostChannels)
        throw new RapportError('invalid_analysis', `There are more than ${mostChannels} channels.`)
      rules = countRules(channels.length, halfLife)
      transitions = countTransitions(channels.length, Math.max(1, ...orders))
    }
    if (piece.channels.length !== channels.length)
      throw new RapportError('invalid_analysis', 'The pieces have different channels.')
    checkPaths(piece)
    rules.add(piece)
    if (orders.length > 0) transitions.add(piece)
  }
  const { totals } = rules
  const markov = [...new Set(orders)].sort().map((order): MarkovFacts => {
    const { baseConversion, effects } = removalEffects(buildChain(lowerOrder(transitions, order)))
    return { order, baseConversion, removalEffects: effects }
  })
  const credits = new Map<MethodName, Credit>()
  for (const method of methods) {
    const facts = markov.find(({ order }) => order === orderOf(method))
    if (facts) credits.set(method, creditByEffects(facts.removalEffects, totals))
    else if (orderOf(method) === null) credits.set(method, rules.credits[method as 'first'])
  }
  return { channels: channels ?? [], totals, credits, markov }
}

/** Order of a Markov method, else null. */
export function orderOf(method: MethodName): number | null {
  const [name, order] = method.split('_')
  return name === 'markov' ? Math.min(highestOrder, Number(order)) : null
}

/** The attributed total in proportion to the removal effects (Anderl et al. 2016, equation 5). */
export function creditByEffects(
  effects: Float64Array,
  totals: Pick<Totals, 'conversions' | 'value' | 'unattributedConversions' | 'unattributedValue'>,
): Credit {
  const sum = effects.reduce((all, effect) => all + effect, 0)
  const share = (total: number): Float64Array =>
    effects.map((effect) => (sum === 0 ? 0 : (total * effect) / sum))
  return {
    conversions: share(totals.conversions - totals.unattributedConversions),
    value: share(totals.value - totals.unattributedValue),
  }
}
