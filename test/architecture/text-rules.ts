import { isTest, placeOf, withoutComments, type SourceFile, type Verdict } from './sources.ts'

interface Rule {
  readonly name: string
  readonly applies: (path: string) => boolean
  readonly pattern: RegExp
}

const shipped = (path: string): boolean => path.startsWith('src/') && !isTest(path)
/** Where the clock may be looked at and dice be thrown; elsewhere both are arguments. */
const atTheEdge = new Set(['app', 'cli'])
/** Compares the time with the date of a file, which no caller can know. */
const readsFileDates = 'src/store/postmaster.ts'

export const textRules: readonly Rule[] = [
  {
    name: 'throws a bare error instead of a RapportError',
    // Numbers import nothing, not even our errors.
    applies: (path) => shipped(path) && placeOf(path) !== 'math',
    pattern: /\bnew (Error|TypeError|RangeError)\(/,
  },
  {
    name: 'looks at the clock or throws dice; take `now` or `random` as an argument',
    applies: (path) => shipped(path) && !atTheEdge.has(placeOf(path)) && path !== readsFileDates,
    pattern: /\bDate\.now\b|\bMath\.random\b|\bnew Date\(\s*\)/,
  },
  {
    name: 'silences a check',
    applies: () => true,
    pattern: /@ts-(ignore|nocheck|expect-error)|(oxlint|eslint)-disable|prettier-ignore-start/,
  },
]

export function checkTextRule(files: readonly SourceFile[], rule: Rule): Verdict {
  const bound = files.filter(({ path }) => rule.applies(path))
  const faults: string[] = []
  for (const { path, text } of bound) {
    // A suppression is a comment; everything else is code.
    const lines = (rule.name === 'silences a check' ? text : withoutComments(text)).split('\n')
    const isItself = path.startsWith('test/architecture')
    lines.forEach((line, index) => {
      if (!isItself && rule.pattern.test(line)) faults.push(`${path}:${index + 1} ${rule.name}`)
    })
  }
  return { looked: bound.length, faults }
}

const mostLines = 300

export function checkLength(files: readonly SourceFile[]): Verdict {
  const lengths = files.map(({ path, text }) => ({
    path,
    lines: text.trimEnd().split('\n').length,
  }))
  const faults = lengths
    .filter(({ lines }) => lines > mostLines)
    .map(({ path, lines }) => `${path} has ${lines} lines, ${mostLines} is the most`)
  return { looked: files.length, faults }
}

/** Every folder of `src` tells on one page what comes in, what goes out, and what it owns. */
export function checkReadmes(
  files: readonly SourceFile[],
  documents: readonly SourceFile[],
): Verdict {
  const places = new Set(
    files.filter(({ path }) => path.startsWith('src/')).map(({ path }) => placeOf(path)),
  )
  const written = new Set(documents.map(({ path }) => path))
  const faults = [...places]
    .filter((place) => !written.has(`src/${place}/README.md`))
    .map((place) => `src/${place} has no README.md`)
  return { looked: places.size, faults }
}
