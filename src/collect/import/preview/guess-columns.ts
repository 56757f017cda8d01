/** What each column of an unknown file holds, by its name and by its first cells. */
import { readNumber } from '../map/row-scope.ts'
import { compileTimeFormat } from '../map/time-format.ts'

export const columnKinds = [
  'user id',
  'email',
  'phone',
  'time',
  'amount',
  'currency',
  'event',
  'rating',
  'words',
  'id',
  'number',
  'text',
] as const
export type ColumnKind = (typeof columnKinds)[number]

export interface GuessedColumn {
  readonly name: string
  readonly kind: ColumnKind
  /** The first cell that is not empty. */
  readonly example: string
  /** Every cell is different from every other. */
  readonly isUnique: boolean
  /** Format of a time, as mappings write it. */
  readonly format: string | null
  /** Another format that fits as well. */
  readonly orFormat: string | null
}

/** Names in English and German, as exports of shops and CRMs have them. */
const names: readonly (readonly [kind: ColumnKind, name: RegExp])[] = [
  ['email', /e-?mail/],
  ['phone', /phone|mobile|^tel\b|telefon|handy/],
  [
    'user id',
    /^(user|customer|client|contact|member|person|subscriber|kunden?)[ _-]?(id|no|nr|number|key|nummer)$/,
  ],
  ['currency', /^(currency|w(ä|ae)hrung)([ _-]?code)?$/],
  ['event', /^(event|event[ _-]?(name|type)|action|activity)$/],
  ['rating', /rating|stars|^nps|csat|^score$|bewertung/],
  ['words', /comment|feedback|review[ _-]?(text|body)|message|^text$|kommentar/],
  ['id', /(^|[ _-])(id|no|nr|number|uuid|key|nummer)$|[a-z](Id|ID)$/],
  ['amount', /total|amount|revenue|price|value|paid|spend|sales|betrag|summe|umsatz|preis/],
]
const timeName = /date|time|_at$|(^| )at$|created|updated|datum|zeit|day/

const timeFormats = [
  'iso',
  'yyyyMMdd',
  ...[
    'M/d/yyyy',
    'd/M/yyyy',
    'd.M.yyyy',
    'yyyy/M/d',
    'dd-MM-yyyy',
    'dd-MM-yy',
    'M/d/yy',
    'd.M.yy',
  ].flatMap((date) => [
    date,
    `${date} H:mm`,
    `${date} H:mm:ss`,
    `${date} h:mm a`,
    `${date} h:mm:ss a`,
  ]),
]

export function guessColumns(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  decimal: '.' | ',',
): readonly GuessedColumn[] {
  return columns.map((name, index) => {
    const cells = rows.map((row) => row[index] ?? '').filter((cell) => cell !== '')
    const formats = formatsOf(name, cells)
    return {
      name,
      kind: kindOf(name, cells, { decimal, isTime: formats.length > 0 }),
      example: cells[0] ?? '',
      isUnique: cells.length === rows.length && new Set(cells).size === cells.length,
      format: formats[0] ?? null,
      orFormat: formats[1] ?? null,
    }
  })
}

/** Where amounts are written as 12,50. */
export function guessDecimal(rows: readonly (readonly string[])[]): '.' | ',' {
  let comma = 0
  let point = 0
  for (const cell of rows.flat()) {
    if (/^-?[\d.]*\d,\d{1,2}$/.test(cell)) comma++
    else if (/^-?[\d,]*\d\.\d{1,2}$/.test(cell)) point++
  }
  return comma > point ? ',' : '.'
}

interface Known {
  readonly decimal: '.' | ','
  readonly isTime: boolean
}

function kindOf(name: string, cells: readonly string[], { decimal, isTime }: Known): ColumnKind {
  const most = (test: (cell: string) => boolean): boolean =>
    cells.length > 0 && cells.filter(test).length >= cells.length * 0.6
  if (most((cell) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(cell))) return 'email'
  const isNumeric = most((cell) => !Number.isNaN(readNumber(cell, decimal)))
  const named = names.find(
    ([, pattern]) => pattern.test(name.toLowerCase()) || pattern.test(name),
  )?.[0]
  if (isTime) return 'time'
  if (named === 'email') return cells.length === 0 ? 'email' : 'text'
  if (named === 'amount' || named === 'rating') return isNumeric ? named : 'text'
  if (named) return named
  if (most((cell) => /^[A-Z]{3}$/.test(cell)) && /curr/i.test(name)) return 'currency'
  return isNumeric ? 'number' : 'text'
}

/** The formats that all cells have. A bare number is a time only where the name says so. */
function formatsOf(name: string, cells: readonly string[]): string[] {
  if (cells.length === 0) return []
  const isNamed = timeName.test(name.toLowerCase())
  if (isNamed && cells.every((cell) => /^\d{10}$/.test(cell))) return ['unix']
  if (isNamed && cells.every((cell) => /^\d{13}$/.test(cell))) return ['unix_ms']
  return timeFormats.filter((format) => {
    if (format === 'iso')
      return cells.every((cell) => /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}|$)/.test(cell))
    if (format === 'yyyyMMdd' && !isNamed) return false
    const parse = compileTimeFormat(format)
    return cells.every((cell) => parse(cell) !== null)
  })
}
