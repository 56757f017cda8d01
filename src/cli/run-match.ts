/** What `rapport match` does. */
import { RapportError } from '../domain/error.ts'
import { encodeRecords, type Cells } from '../identify/matching/records.ts'
import { matchRecords, type MatchResult } from '../identify/matching/match.ts'
import { readColumns, type ColumnFile } from './read-columns.ts'
import { seededRandom } from '../math/random.ts'
import type { MatchRequest } from './match-request.ts'

/** Kinds whose equal values are few enough to block on, unless told otherwise. */
const blockable = new Set(['name', 'number', 'date', 'email', 'phone'])

interface Table {
  readonly cells: Cells
  readonly ids: readonly string[]
  readonly truth: readonly string[] | null
}

export async function runMatch(request: MatchRequest): Promise<void> {
  const { output, fields, leastProbability, oneToOne, seed } = request
  const keys = keysOf(request)
  const left = await readTable(request, request.file)
  const right = request.other === null ? null : await readTable(request, request.other)
  const records = encodeRecords(fields, left.cells, right?.cells)
  const result = matchRecords(records, {
    ...{ keys, leastProbability, oneToOne, random: seededRandom(seed) },
  })
  const quality = qualityOf(result, left, right)
  output.note(inWords(result, quality))
  const pairs = [...result.pairs.left.keys()].map((p) => pairOf(result, p, left, right ?? left))
  output.say(asCsv(request, pairs), {
    pairs,
    ...{ compared: result.compared, blocksLeftOut: result.blocksLeftOut },
    ...{ pairsLeftOut: result.pairsLeftOut, quality },
    model: {
      lambda: result.model.lambda,
      iterations: result.model.iterations,
      converged: result.model.converged,
      fields: result.model.fields.map((field, f) => ({
        ...field,
        m: [...(result.model.m[f] ?? [])].slice(1),
        u: [...(result.model.u[f] ?? [])].slice(1),
      })),
    },
  })
}

function keysOf({ fields, block }: MatchRequest): number[][] {
  const usual = (): string[][] =>
    fields.filter(({ kind }) => blockable.has(kind)).map(({ name }) => [name])
  return (block ?? usual()).map((key) =>
    key.map((name) => {
      const place = fields.findIndex((field) => field.name === name)
      if (place >= 0) return place
      throw new RapportError('invalid_analysis', `"${name}" to block on is not among the fields.`)
    }),
  )
}

async function readTable(request: MatchRequest, path: string): Promise<Table> {
  const { fields, id, truth, truthPattern, delimiter } = request
  const names = fields.map(({ name }) => name)
  const others = [id, truth].filter((name) => name !== null)
  const file = await readColumns({
    ...{ file: path, delimiter, numbers: [], texts: [...new Set([...names, ...others])] },
  })
  const part = (value: string): string =>
    truthPattern === null ? value : (truthPattern.exec(value)?.[1] ?? '')
  return {
    cells: names.map((name) => cellsOf(file, name)),
    ids: id === null ? Array.from({ length: file.rows }, (_, row) => String(row + 1)) : cellsOf(file, id), // prettier-ignore
    truth: truth === null ? null : cellsOf(file, truth).map(part),
  }
}

function cellsOf({ texts }: ColumnFile, name: string): string[] {
  const column = texts.get(name)
  return column ? Array.from(column.codes, (code) => column.values[code] ?? '') : []
}

interface Pair {
  readonly left: string
  readonly right: string
  readonly probability: number
  readonly weight: number
  readonly reasons: ReturnType<MatchResult['explain']>
}

function pairOf({ pairs, explain }: MatchResult, p: number, one: Table, other: Table): Pair {
  const [left, right] = [pairs.left[p] ?? 0, pairs.right[p] ?? 0]
  return {
    ...{ left: one.ids[left] ?? '', right: other.ids[right] ?? '' },
    ...{ probability: pairs.probability[p] ?? 0, weight: pairs.weight[p] ?? 0 },
    reasons: explain(left, right),
  }
}

interface Quality {
  readonly truePairs: number
  readonly right: number
  readonly precision: number | null
  readonly recall: number | null
  readonly f1: number | null
}

/** Null where the truth was not told; a share of nothing is null. */
function qualityOf({ pairs }: MatchResult, left: Table, right: Table | null): Quality | null {
  const [one, other] = [left.truth, right ? right.truth : left.truth]
  if (!one || !other) return null
  const counts = new Map<string, number>()
  for (const value of other) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1)
  let truePairs = 0
  if (right) for (const value of one) truePairs += counts.get(value) ?? 0
  else for (const count of counts.values()) truePairs += (count * (count - 1)) / 2
  const found = pairs.left.length
  const correct = pairs.left.filter(
    (a, p) => one[a] !== '' && one[a] === other[pairs.right[p] ?? 0],
  )
  const share = (whole: number): number | null => (whole === 0 ? null : correct.length / whole)
  const f1 = found + truePairs === 0 ? null : (2 * correct.length) / (found + truePairs)
  return { truePairs, right: correct.length, precision: share(found), recall: share(truePairs), f1 }
}

function inWords(result: MatchResult, quality: Quality | null): string {
  const { compared, pairs, blocksLeftOut, pairsLeftOut, model } = result
  const said = [`${pairs.left.length} pairs are likely, of ${compared} compared.`]
  if (blocksLeftOut > 0)
    said.push(
      `${blocksLeftOut} values to block on were left out, since too many records share them (${pairsLeftOut} pairs).`,
    )
  if (!model.converged) said.push('The model did not settle: take the probabilities as rough.')
  if (quality) {
    const digits = (share: number | null): string => share?.toFixed(4) ?? 'unknown'
    const { precision, recall, f1 } = quality
    said.push(`Precision ${digits(precision)}, recall ${digits(recall)}, F1 ${digits(f1)}.`)
  }
  return said.join(' ')
}

function asCsv({ fields }: MatchRequest, pairs: readonly Pair[]): string {
  const names = fields.flatMap(({ name }) => [name, `${name}_weight`])
  const lines = [['left', 'right', 'probability', 'weight', ...names]]
  for (const { left, right, probability, weight, reasons } of pairs) {
    const told = reasons.flatMap((one) => [one.level, one.weight.toFixed(3)])
    lines.push([left, right, probability.toFixed(6), weight.toFixed(3), ...told])
  }
  return lines.map((line) => line.map(csvCell).join(',')).join('\n')
}

/** Quoted where it must be; what a spreadsheet would take for a formula is made text. */
function csvCell(cell: string): string {
  const text = /^[=+@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
