import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** A file as the checks see it: its path from the root of the repository, and its text. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** What a check found: how much it looked at, and what is wrong. */
export interface Verdict {
  readonly looked: number
  readonly faults: readonly string[]
}

export const root = join(import.meta.dirname, '../..')

const folders = '{src,web,sdk,test,bench,scripts,demo,bin}'

function read(patterns: readonly string[]): SourceFile[] {
  const exclude = (name: string): boolean => /(^|\/)(node_modules|dist)(\/|$)/.test(name)
  return globSync([...patterns], { cwd: root, exclude }).map((path) => ({
    path: relative(root, join(root, path)),
    text: readFileSync(join(root, path), 'utf8'),
  }))
}

export function readSources(): SourceFile[] {
  return read([`${folders}/**/*.{ts,tsx,mjs,js}`])
}

export function readDocuments(): SourceFile[] {
  return read(['*.md', `{docs,src,web,sdk,models,demo,bench}/**/*.md`])
}

/** Tests and what they share: the laws for shipped code do not bind them. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$|(^|\/)testing[\w-]*\.ts$|^test\//.test(path)
}

/** `src/collect/clean.ts` is in `collect`, `web/api.ts` in `web`. */
export function placeOf(path: string): string {
  const [top = '', second = ''] = path.split('/')
  return top === 'src' ? second : top
}

/** The text without comments, so that an example in a comment is not taken for code. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g, (comment) =>
    comment.replace(/[^\n]/g, ' '),
  )
}
