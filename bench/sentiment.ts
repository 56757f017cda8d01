/**
 * Sentiment: texts a second on one core, and the slowest hostile text of 32 KB.
 * Reads the texts of Hutto and Gilbert (2014) where they are there, else made sentences.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { scoreSentiment, sentimentOf } from '../src/listen/sentiment.ts'
import { sharedData } from '../test/shared-data.ts'

const sets = ['tweets', 'amazonReviewSnippets', 'movieReviewSnippets', 'nytEditorialSnippets']
const rounds = 5

function texts(): string[] {
  const paths = sets.map((set) => sharedData(`vader/${set}_GroundTruth.txt.gz`))
  const found = paths.flatMap((path) => {
    if (path === null) return []
    const lines = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n')
    return lines.map((line) => line.split('\t').slice(2).join('\t'))
  })
  if (found.length > 0) return found
  const words =
    'The support team was VERY helpful and kind, but delivery is not great at all!'.split(' ')
  return Array.from({ length: 20_000 }, (_, i) => words.slice(i % 7).join(' '))
}

function rate(all: readonly string[], score: (text: string) => unknown): number {
  let best = 0
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    for (const text of all) score(text)
    best = Math.max(best, (all.length / (performance.now() - start)) * 1_000)
  }
  return Math.round(best)
}

const hostile: Record<string, string> = {
  'equal words around "but"': `${'good '.repeat(400)}but ${'bad '.repeat(6_000)}`,
  'distinct values around "but"': `but ${'VERY good so BAD never nice not AWFUL '.repeat(850)}`,
  'emojis with long descriptions': '🧘'.repeat(8_000),
  'punctuation only': '!?'.repeat(16_000),
  'one word': 'a'.repeat(32_000),
  'accented capitals': 'É '.repeat(16_000),
}

const all = texts()
console.log(`${all.length} texts, best of ${rounds} rounds, one core`)
console.log(`scoreSentiment ${rate(all, scoreSentiment)} texts/s`)
console.log(`sentimentOf    ${rate(all, sentimentOf)} texts/s (with the check of the language)`)
for (const [name, text] of Object.entries(hostile)) {
  const start = performance.now()
  sentimentOf(text)
  console.log(`32 KB of ${name}: ${(performance.now() - start).toFixed(2)} ms`)
}
