/** The rated texts of Hutto and Gilbert (2014), in folds. They may be shipped (MIT) and trained on. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { sharedData } from '../../test/shared-data.ts'
import type { RatedText } from '../../src/listen/model/train.ts'

export interface FoldedText extends RatedText {
  readonly set: number
  readonly fold: number
}

export const folds = 10

/**
 * `weight`: how much a text of the set counts. Chosen with `settings`: tweets, whose raters agree,
 * for more; editorials, which are no customers' words, for less.
 * `documents`: its texts come from documents, so a fold holds whole documents.
 */
export const ratedSets = [
  { name: 'tweets', file: 'tweets', weight: 3, documents: false },
  { name: 'product reviews', file: 'amazonReviewSnippets', weight: 1.6, documents: true },
  { name: 'film reviews', file: 'movieReviewSnippets', weight: 1.5, documents: false },
  { name: 'editorials', file: 'nytEditorialSnippets', weight: 0.7, documents: true },
] as const

/** All of them, or null where the data are not there. Texts that are equal share their fold. */
export function ratedTexts(): FoldedText[] | null {
  const out: FoldedText[] = []
  for (const [set, { file, weight, documents }] of ratedSets.entries()) {
    const path = sharedData(`vader/${file}_GroundTruth.txt.gz`)
    if (path === null) return null
    for (const line of gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n')) {
      const [id = '', mean = '', ...cells] = line.split('\t')
      const text = cells.join('\t')
      const group = documents ? `${set}/${id.split('_')[0]}` : text.toLowerCase().trim()
      const fold = foldOf(group)
      out.push({ text, rating: Number(mean) / 4, weight, casual: file === 'tweets', set, fold })
    }
  }
  return out
}

/** FNV-1a with a mixed end: the same text is in the same fold for ever. */
function foldOf(group: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < group.length; at++) {
    hash = Math.imul(hash ^ group.charCodeAt(at), 0x01000193)
  }
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x85ebca6b)
  return ((hash ^ (hash >>> 13)) >>> 0) % folds
}
