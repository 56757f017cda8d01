/**
 * Kinds of fields: how a cell becomes the value that is compared, and the levels of agreement of two
 * values, from `different` (1) to `same` (the highest). Level 0 is a missing value: it says nothing.
 */
import { createEditDistance } from './edit-distance.ts'
import { createJaroWinkler, type CompareValues } from './jaro-winkler.ts'
import { Vocabulary } from './vocabulary.ts'

export const fieldKinds = [
  ...(['name', 'text', 'number', 'date', 'category', 'email', 'phone'] as const),
  /** Only to block on: says nothing by itself. */
  'key',
] as const
export type FieldKind = (typeof fieldKinds)[number]

export interface FieldDefinition {
  readonly name: string
  readonly kind: FieldKind
}

/** Names of the levels from 1 on. */
export const levelNames: Readonly<Record<FieldKind, readonly string[]>> = {
  name: ['different', 'somewhat similar', 'similar', 'same'],
  text: ['different', 'somewhat similar', 'similar', 'same'],
  number: ['different', 'two slips apart', 'one slip apart', 'same'],
  date: ['different', 'two slips apart', 'one slip apart', 'same'],
  category: ['different', 'same'],
  email: ['different', 'similar before the @', 'same before the @', 'same'],
  phone: ['different', 'one slip apart', 'same last digits', 'same'],
  key: [],
}

/** Jaro-Winkler from which two values are similar, and somewhat so (0.92 and 0.88 for names as in splink). */
const similar = { name: [0.92, 0.88], text: [0.92, 0.8], email: [0.92, 0.92] } as const
/** National numbers are written with and without their country and area. */
const lastDigits = 8

/** The value to compare, or '' where the cell says nothing. Accents, case and punctuation go. */
export function normalise(kind: FieldKind, cell: string): string {
  switch (kind) {
    case 'date':
      return (/^\d{4}-\d\d-\d\d/.exec(cell)?.[0] ?? cell).replace(/\D/g, '')
    case 'phone':
      return cell.replace(/\D/g, '')
    case 'email':
      return cell.includes('@') ? cell.trim().toLowerCase() : ''
    case 'number':
      return plain(cell).replaceAll(' ', '')
    default:
      return plain(cell)
  }
}

/** Letters that are no other letter with a mark: as they are written where they are missing. */
const spelled: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', ı: 'i', ł: 'l', ø: 'o', đ: 'd', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe' },
}

function plain(cell: string): string {
  const isPlain = /^[a-z0-9]*$/.test(cell)
  if (isPlain) return cell
  const letters = cell
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[ßıłøđðþæœ]/g, (letter) => spelled[letter] ?? letter)
  return letters.replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
}

/** A field of one or two tables of records: a number a record, -1 where there is no value. */
export interface Field extends FieldDefinition {
  readonly vocabulary: Vocabulary
}

export function createField(definition: FieldDefinition): Field {
  return { ...definition, vocabulary: new Vocabulary() }
}

/** Numbers of the cells of a column, in the field's vocabulary. */
export function encode(field: Field, cells: readonly string[]): Int32Array {
  const { kind, vocabulary } = field
  const known = new Map<string, number>()
  return Int32Array.from(cells, (cell) => {
    const before = known.get(cell)
    if (before !== undefined) return before
    const value = normalise(kind, cell)
    const id = value === '' ? -1 : vocabulary.add(value)
    known.set(cell, id)
    return id
  })
}

/** Level of two values that are there and not the same. */
export function createLevelOf(field: Field): CompareValues {
  const { vocabulary } = field
  switch (field.kind) {
    case 'name':
    case 'text':
      return similarity(createJaroWinkler(vocabulary, similar[field.kind][1]), similar[field.kind])
    case 'number':
    case 'date': {
      const distance = createEditDistance(vocabulary, 2)
      return (a, b) => Math.max(1, 4 - distance(a, b))
    }
    case 'category':
      return () => 1
    case 'key':
      return () => 0
    case 'email':
      return emailLevels(vocabulary)
    case 'phone':
      return phoneLevels(vocabulary)
  }
}

function similarity(compare: CompareValues, [high, low]: readonly [number, number]): CompareValues {
  return (a, b) => {
    const value = compare(a, b)
    return value >= high ? 3 : value >= low ? 2 : 1
  }
}

function emailLevels(vocabulary: Vocabulary): CompareValues {
  const locals = new Vocabulary()
  const compare = createJaroWinkler(locals, similar.email[0])
  const known: number[] = []
  const localOf = (id: number): number => {
    if (id < vocabulary.size && known[id] !== undefined) return known[id]
    const local = locals.add(textOf(vocabulary, id).replace(/@[^@]*$/, ''))
    if (id < vocabulary.size) known[id] = local
    return local
  }
  return (a, b) => {
    const [one, other] = [localOf(a), localOf(b)]
    if (one === other) return 3
    return compare(one, other) >= similar.email[0] ? 2 : 1
  }
}

function phoneLevels(vocabulary: Vocabulary): CompareValues {
  const distance = createEditDistance(vocabulary, 1)
  return (a, b) => {
    const { codes, starts } = vocabulary
    const [endA, endB] = [starts[a + 1] ?? 0, starts[b + 1] ?? 0]
    const room = Math.min(lastDigits, endA - (starts[a] ?? 0), endB - (starts[b] ?? 0))
    let common = 0
    while (common < room && codes[endA - 1 - common] === codes[endB - 1 - common]) common++
    if (common >= lastDigits) return 3
    return distance(a, b) <= 1 ? 2 : 1
  }
}

/** Also of a borrowed value, which has no string. */
function textOf({ codes, starts }: Vocabulary, id: number): string {
  return String.fromCharCode(...codes.subarray(starts[id] ?? 0, starts[id + 1] ?? 0))
}
