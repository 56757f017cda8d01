/** How good the trained model is on texts that it has not seen, rounded and all, as it is served. */
import { decodeModel, encodeModel, type SentimentModel } from '../../src/listen/model/model.ts'
import { rawScore } from '../../src/listen/model/apply-model.ts'
import { hashTexts, train } from '../../src/listen/model/train.ts'
import { pearsonCorrelation } from '../../src/math/pearson-correlation.ts'
import { scoreSentiment } from '../../src/listen/sentiment.ts'
import { describeEmojis, tokenise } from '../../src/listen/tokenise.ts'
import { folds, ratedSets, type FoldedText } from './rated-texts.ts'

/** Correlation with the mean rating of people, a set each. */
export interface Quality {
  readonly set: string
  readonly texts: number
  readonly lexicon: number
  /** Ten folds; documents and equal texts stay together. */
  readonly heldOut: number
  /** Trained on the three other sets. */
  readonly transfer: number
}

export function crossValidate(
  texts: readonly FoldedText[],
  told: (words: string) => void = () => {},
): Quality[] {
  const hashed = hashTexts(texts)
  const heldOut = new Float64Array(texts.length)
  const transfer = new Float64Array(texts.length)
  const predict = (into: Float64Array, isOut: (text: FoldedText) => boolean): void => {
    const isIn = (row: number): boolean => {
      const text = texts[row]
      return text !== undefined && !isOut(text)
    }
    const model = decodeModel(encodeModel(train(texts, hashed, isIn)))
    for (const [row, text] of texts.entries()) {
      if (isOut(text)) into[row] = scoreOf(model, text.text)
    }
  }
  for (let fold = 0; fold < folds; fold++) {
    predict(heldOut, (text) => text.fold === fold)
    told(`fold ${fold + 1} of ${folds}`)
  }
  for (const [set, { name }] of ratedSets.entries()) {
    predict(transfer, (text) => text.set === set)
    told(`without ${name}`)
  }
  return ratedSets.map(({ name }, set) => {
    const rows = [...texts.keys()].filter((row) => texts[row]?.set === set)
    const ratings = rows.map((row) => texts[row]?.rating ?? 0)
    const correlation = (of: (row: number) => number): number =>
      pearsonCorrelation(rows.map(of), ratings) ?? Number.NaN
    return {
      ...{ set: name, texts: rows.length },
      lexicon: correlation((row) => scoreSentiment(texts[row]?.text ?? '').compound),
      heldOut: correlation((row) => heldOut[row] ?? 0),
      transfer: correlation((row) => transfer[row] ?? 0),
    }
  })
}

/** Whatever the language, as the lexicon's figures are. */
function scoreOf(model: SentimentModel, text: string): number {
  const described = describeEmojis(text)
  return Math.min(1, Math.max(-1, rawScore(model, described, tokenise(described)).sum))
}
