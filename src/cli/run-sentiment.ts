/** What `rapport sentiment` does. */
import { once } from 'node:events'
import { aspectsOf, type Aspect } from '../listen/aspects.ts'
import { explainModelSentiment } from '../listen/model/sentiment-model.ts'
import { explainSentiment } from '../listen/explain.ts'
import { readTexts, type TextRequest } from './read-texts.ts'
import type { Output } from './output.ts'

export interface SentimentRequest extends TextRequest {
  readonly output: Output
  readonly method: 'lexicon' | 'model'
}

interface Judged {
  /** Null where it is not judged. */
  readonly score: number | null
  readonly notJudged: string | null
  /** Together with `base` and `emphasis` these make `sum`, of which the score is the squeezed form. */
  readonly words: readonly { readonly word: string; readonly contribution: number }[]
  readonly base: number
  readonly emphasis: number
  readonly sum: number
}

export async function runSentiment(request: SentimentRequest): Promise<void> {
  const { output, method } = request
  const judge = method === 'lexicon' ? byLexicon : byModel
  let [texts, unreadable, judged, total] = [0, 0, 0, 0]
  for await (const batch of readTexts(request)) {
    for (const { line, text } of batch) {
      texts++
      if (text === null) unreadable++
      const result = text === null ? unread : judge(text)
      const aspects = text === null ? [] : aspectsOf(text)
      if (result.score !== null) {
        judged++
        total += result.score
      }
      output.say(inWords(line, result, aspects), { line, method, ...result, aspects })
    }
    // A slow reader at the other end must not make us hold the whole file.
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain')
  }
  const mean = judged === 0 ? '' : `, ${signed(total / judged)} on average`
  const lost = unreadable === 0 ? '' : `; ${unreadable} rows could not be read`
  output.note(`${judged} of ${texts} texts judged${mean}${lost}.`)
}

const unread: Judged = {
  ...{ score: null, notJudged: 'the row cannot be read', words: [] },
  ...{ base: 0, emphasis: 0, sum: 0 },
}

function byLexicon(text: string): Judged {
  const { score, notJudged, words, emphasis, sum } = explainSentiment(text)
  return {
    score: notJudged === null ? score.compound : null,
    ...{ notJudged, base: 0, emphasis, sum },
    words: words.map(({ word, valence }) => ({ word, contribution: valence })),
  }
}

function byModel(text: string): Judged {
  const { score, notJudged, words, base, emphasis, sum } = explainModelSentiment(text)
  return { score: notJudged === null ? score : null, notJudged, words, base, emphasis, sum }
}

const wordsShown = 5

function inWords(line: number, judged: Judged, aspects: readonly Aspect[]): string {
  if (judged.score === null) return `line ${line}: not judged (${judged.notJudged})`
  const strongest = judged.words
    .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .slice(0, wordsShown)
    .filter(({ contribution }) => contribution !== 0)
    .map(({ word, contribution }) => `${printable(word)} ${signed(contribution)}`)
  const topics = aspects.map(
    ({ topic, score }) => `${topic} ${score === null ? 'named' : signed(score)}`,
  )
  const said = [`line ${line}: ${signed(judged.score)}`, strongest.join(', '), topics.join(', ')]
  return said.filter(Boolean).join(' | ')
}

/** Words come from strangers: what steers a terminal does not reach it. */
function printable(word: string): string {
  return word.replaceAll(/\p{C}/gu, '').slice(0, 40)
}

function signed(value: number): string {
  const figure = value.toFixed(2)
  return value > 0 ? `+${figure}` : figure
}
