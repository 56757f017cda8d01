/**
 * Words and phrases that change the valence of the words near them: the lists of VADER 3.3.2
 * (see LICENSE.md). Weights are means of human ratings of the same sentence with and without.
 */

/** What a degree adverb adds (or, for a dampener, takes away). */
export const boost = 0.293

const list = (text: string): readonly string[] => text.trim().split(/\s+/)

export const intensifiers = list(`
  absolutely amazingly awfully completely considerable considerably decidedly deeply effing enormous
  enormously entirely especially exceptional exceptionally extreme extremely fabulously flipping
  flippin frackin fracking fricking frickin frigging friggin fully fuckin fucking fuggin fugging
  greatly hella highly hugely incredible incredibly intensely major majorly more most particularly
  purely quite really remarkably so substantially thoroughly total totally tremendous tremendously
  uber unbelievably unusually utter utterly very`)

export const dampeners = list(`
  almost barely hardly kinda kindof kind-of less little marginal marginally occasional occasionally
  partly scarce scarcely slight slightly somewhat sorta sortof sort-of`)

/** Dampeners of two words, looked for before a word of the lexicon. */
export const dampenerPhrases: readonly string[] = ['just enough', 'kind of', 'sort of']

export const negations = list(`
  aint arent cannot cant couldnt darent didnt doesnt ain't aren't can't couldn't daren't didn't
  doesn't dont hadnt hasnt havent isnt mightnt mustnt neither don't hadn't hasn't haven't isn't
  mightn't mustn't neednt needn't never none nope nor not nothing nowhere oughtnt shant shouldnt
  uhuh wasnt werent oughtn't shan't shouldn't uh-uh wasn't weren't without wont wouldnt won't wouldn't
  rarely seldom despite`)

/** Phrases whose valence is not that of their words. */
export const idioms: ReadonlyMap<string, number> = new Map([
  ['the shit', 3],
  ['the bomb', 3],
  ['bad ass', 1.5],
  ['bus stop', 0],
  ['yeah right', -2],
  ['kiss of death', -1.5],
  ['to die for', 3],
  ['beating heart', 3.1],
  ['broken heart', -2.9],
])
