/**
 * Trains the sentiment model on all rated texts and writes its file. The same texts give the same
 * bytes. With --check, the cross-validation is run first and printed (some minutes).
 *   node scripts/train-sentiment.ts [--check]
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeModel } from '../src/listen/model/model.ts'
import { hashTexts, train } from '../src/listen/model/train.ts'
import { crossValidate } from './sentiment/cross-validate.ts'
import { ratedTexts } from './sentiment/rated-texts.ts'

const file = join(import.meta.dirname, '../src/listen/model/sentiment.model.gz')
const texts = ratedTexts()
if (texts === null) {
  console.error('skipped: data not there')
  process.exit(1)
}
if (process.argv.includes('--check')) {
  for (const { set, lexicon, heldOut, transfer } of crossValidate(texts, console.error)) {
    const figures = { lexicon, heldOut, transfer }
    const words = Object.entries(figures).map(([name, r]) => `${name} ${r.toFixed(4)}`)
    console.log(`${set}: ${words.join(', ')}`)
  }
}
const bytes = encodeModel(train(texts, hashTexts(texts), () => true))
writeFileSync(file, bytes)
console.log(`${bytes.length.toLocaleString('en')} bytes from ${texts.length} texts`)
