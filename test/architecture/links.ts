import { existsSync } from 'node:fs'
import { posix } from 'node:path'
import type { SourceFile, Verdict } from './sources.ts'

/** `## Import law` is reached by `#import-law`, as GitHub makes it. */
function anchorsOf(text: string): Set<string> {
  const headings = text.replace(/```[\s\S]*?```/g, '').matchAll(/^#{1,6} +(.+)$/gm)
  return new Set(
    [...headings].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  )
}

/** Links and pictures between our documents lead somewhere, down to the heading. */
export function checkLinks(
  documents: readonly SourceFile[],
  exists: (path: string) => boolean = existsSync,
): Verdict {
  const texts = new Map(documents.map(({ path, text }) => [path, text]))
  const faults: string[] = []
  let looked = 0
  for (const { path, text } of documents) {
    const plain = text.replace(/```[\s\S]*?```|`[^`\n]*`/g, '')
    for (const [, link = ''] of plain.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?|mailto):/.test(link)) continue
      looked += 1
      const [file = '', anchor] = link.split('#', 2)
      const target = file === '' ? path : posix.join(posix.dirname(path), file)
      const known = texts.get(target)
      if (known === undefined && !exists(target))
        faults.push(`${path} links to ${link}, which is not there`)
      else if (anchor && known !== undefined && !anchorsOf(known).has(anchor)) {
        faults.push(`${path} links to ${link}, but there is no such heading`)
      }
    }
  }
  return { looked, faults }
}
