/** How each method does on service messages that none has seen (test/sentiment). Never tuned on. */
import { readFileSync } from 'node:fs'
import { pearsonCorrelation } from '../../src/math/pearson-correlation.ts'
import { seededRandom } from '../../src/math/random.ts'

export interface ServiceMessage {
  readonly language: string
  readonly kind: string
  /** -4..4 */
  readonly rating: number
  readonly text: string
}

export type Method = (text: string) => number | null

/** English messages; what a method does not judge counts as 0. */
export interface ServiceQuality {
  readonly messages: number
  readonly correlation: number
  readonly judged: number
  /** Clearly felt: rated 2 or more to either side. */
  readonly clear: number
  readonly rightSide: number
  readonly wrongSide: number
  /** Messages in other languages that got a number, and those with one of the wrong sign. */
  readonly foreign: { readonly messages: number; readonly judged: number; readonly wrong: number }
}

export function serviceMessages(): ServiceMessage[] {
  const path = new URL('../../test/sentiment/service-messages.tsv', import.meta.url)
  const [, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n')
  return lines.map((line) => {
    const [language = '', kind = '', rating = '', text = ''] = line.split('\t')
    return { language, kind, rating: Number(rating), text }
  })
}

export function serviceQuality(method: Method): ServiceQuality {
  const all = serviceMessages()
  const english = all.filter(({ language }) => language === 'en')
  const foreign = all.filter(({ language }) => language !== 'en')
  const scores = english.map(({ text }) => method(text))
  const clear = [...english.keys()].filter((i) => Math.abs(english[i]?.rating ?? 0) >= 2)
  const side = (i: number): number => Math.sign((scores[i] ?? 0) * (english[i]?.rating ?? 0))
  const isWrong = ({ text, rating }: ServiceMessage): boolean => (method(text) ?? 0) * rating < 0
  const ratings = english.map(({ rating }) => rating)
  return {
    messages: english.length,
    correlation: pearsonCorrelation(scores.map(orZero), ratings) ?? Number.NaN,
    judged: scores.filter((score) => score !== null).length,
    ...{ clear: clear.length, rightSide: clear.filter((i) => side(i) > 0).length },
    wrongSide: clear.filter((i) => side(i) < 0).length,
    foreign: {
      messages: foreign.length,
      judged: foreign.filter(({ text }) => method(text) !== null).length,
      wrong: foreign.filter(isWrong).length,
    },
  }
}

/** 95 % interval of how much better `first` correlates than `second`, by drawing messages again. */
export function differenceInterval(first: Method, second: Method): readonly [number, number] {
  const english = serviceMessages().filter(({ language }) => language === 'en')
  const scores = [first, second].map((method) => english.map(({ text }) => orZero(method(text))))
  const random = seededRandom('service messages')
  const differences = Array.from({ length: 2_000 }, () => {
    const drawn = english.map(() => random.integer(english.length))
    const ratings = drawn.map((i) => english[i]?.rating ?? 0)
    const [a = 0, b = 0] = scores.map(
      (column) =>
        pearsonCorrelation(
          drawn.map((i) => column[i] ?? 0),
          ratings,
        ) ?? 0,
    )
    return a - b
  }).toSorted((a, b) => a - b)
  return [differences[50] ?? Number.NaN, differences[1_949] ?? Number.NaN]
}

function orZero(score: number | null): number {
  return score ?? 0
}
