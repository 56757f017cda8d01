import type { AttributionMethod } from '../../src/domain/reports/attribution.ts'

export const methodWords: Readonly<Record<AttributionMethod, string>> = {
  first: 'First touch',
  last: 'Last touch',
  linear: 'Linear',
  time_decay: 'Time decay',
  position: 'Position',
  markov_1: 'Markov 1',
  markov_2: 'Markov 2',
  markov_3: 'Markov 3',
  markov_4: 'Markov 4',
  shapley: 'Shapley',
}

/** What each method does, in one sentence. */
export const methodMeanings: Readonly<Record<AttributionMethod, string>> = {
  first: 'All credit to the first touch.',
  last: 'All credit to the last touch.',
  linear: 'Every touch gets the same.',
  time_decay: 'The nearer to the outcome, the more.',
  position: '40 % to the first, 40 % to the last, the rest between.',
  markov_1: 'By how much the outcome would suffer without it, remembering one touch.',
  markov_2: 'By how much the outcome would suffer without it, remembering two touches.',
  markov_3: 'By how much the outcome would suffer without it, remembering three touches.',
  markov_4: 'By how much the outcome would suffer without it, remembering four touches.',
  shapley: 'The fair share of each channel on a path, as in game theory.',
}
