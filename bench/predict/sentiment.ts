/**
 * Sentiment: the lexicon and the trained model on the texts of Hutto and Gilbert (2014), how good
 * both are on texts unseen (ten folds; three sets for the fourth) and on our service messages.
 */
import { crossValidate } from '../../scripts/sentiment/cross-validate.ts'
import { ratedTexts } from '../../scripts/sentiment/rated-texts.ts'
import {
  differenceInterval,
  serviceQuality,
  type Method,
} from '../../scripts/sentiment/service-messages.ts'
import { modelSentimentOf } from '../../src/listen/model/sentiment-model.ts'
import { scoreSentiment, sentimentOf } from '../../src/listen/sentiment.ts'
import { timed, type PredictRow } from './row.ts'

/** Texts a CPU second that the best port recorded (vader-sentiment 1.1.3). */
const peer = { name: 'vader-sentiment 1.1.3, 4.4 k texts/s', rate: 4_400 }

interface Speed {
  readonly what: string
  readonly rate: number
  readonly method: (text: string) => unknown
}

const speeds: readonly Speed[] = [
  { what: 'VADER, all four scores', rate: 150_000, method: scoreSentiment },
  { what: 'lexicon, as served', rate: 150_000, method: sentimentOf },
  { what: 'trained model, as served', rate: 50_000, method: (text) => modelSentimentOf(text) },
]

export async function* rows(): AsyncGenerator<PredictRow> {
  const rated = ratedTexts()
  const texts = rated?.map(({ text }) => text) ?? made()
  const count = texts.length.toLocaleString('en')
  for (const { what, rate, method } of speeds) {
    const { seconds } = await timed(() => {
      for (const text of texts) method(text)
    }, 5)
    yield {
      ...{ what: `sentiment: ${what}, ${count} texts`, ours: seconds, aim: texts.length / rate },
      peer: { name: peer.name, seconds: texts.length / peer.rate },
      result: `${Math.round(texts.length / seconds).toLocaleString('en')} texts/s`,
    }
  }
  yield* serviceRows()
  if (rated === null) return
  const before = process.cpuUsage()
  const qualities = crossValidate(rated)
  const { user, system } = process.cpuUsage(before)
  const fits = (user + system) / 1e6
  for (const { set, lexicon, heldOut, transfer } of qualities) {
    yield {
      ...{ what: `sentiment: ${set}, 14 fits in all`, ours: fits },
      result:
        `r ${heldOut.toFixed(4)} held out, ${transfer.toFixed(4)} from other sets, ` +
        `${lexicon.toFixed(4)} lexicon`,
    }
  }
}

async function* serviceRows(): AsyncGenerator<PredictRow> {
  const model: Method = (text) => modelSentimentOf(text)
  for (const [name, method] of Object.entries({ lexicon: sentimentOf, model })) {
    const { seconds, result } = await timed(() => serviceQuality(method), 1)
    const { correlation, judged, messages, clear, rightSide, wrongSide, foreign } = result
    yield {
      ...{ what: `sentiment: ${name} on service messages`, ours: seconds },
      result:
        `r ${correlation.toFixed(4)}, ${judged} of ${messages} judged, ${rightSide} right and ` +
        `${wrongSide} wrong of ${clear} clear ones; ${foreign.judged} of ${foreign.messages} foreign`,
    }
  }
  const before = process.cpuUsage()
  const [low, high] = differenceInterval(model, sentimentOf)
  const { user, system } = process.cpuUsage(before)
  yield {
    ...{ what: 'sentiment: r of the model less that of the lexicon', ours: (user + system) / 1e6 },
    result: `${low.toFixed(3)} to ${high.toFixed(3)}, 95 % of 2,000 draws of the messages`,
  }
}

function made(): string[] {
  const words = 'The support team was VERY helpful and kind, but delivery is not great!'.split(' ')
  return Array.from({ length: 20_000 }, (_, i) => words.slice(i % 7).join(' '))
}
