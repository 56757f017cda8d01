/** A first mapping for an unknown file, for a person to read, correct and keep. */
import { stringify } from 'yaml'
import type { GuessedColumn } from './guess-columns.ts'
import type { SniffedFile } from './sniff-file.ts'

export interface GuessedMapping {
  readonly yaml: string
  /** What a person should look at. */
  readonly remarks: readonly string[]
}

interface Guess {
  readonly file: SniffedFile
  readonly columns: readonly GuessedColumn[]
  readonly decimal: '.' | ','
  readonly fileName: string
  /** Stands in where the file has no times: `2026-11-23`. */
  readonly today: string
}

/** More columns than that are left to the person. */
const propertiesLimit = 60

export function guessMapping(given: Guess): GuessedMapping {
  const { fileName } = given
  const names = given.columns.map(({ name }) => name)
  // A mapping cannot name a column without a name, or tell two of the same name apart.
  const isNameable = ({ name }: GuessedColumn): boolean =>
    name !== '' && name.length <= 200 && names.indexOf(name) === names.lastIndexOf(name)
  const columns = given.columns.filter(isNameable)
  const guess = { ...given, columns }
  const remarks: string[] = []
  const title = fileName.replace(/(\.(csv|tsv|txt|ndjson|jsonl|json|gz))+$/i, '') || 'Import'
  const mapping = {
    mapping: title.slice(0, 200),
    source: snakeCase(title) || 'import',
    file: fileOf(guess),
    touchpoints: { [nameOf(columns)]: touchpointOf(guess, remarks) },
  }
  const head = remarks.map((remark) => `# ${remark}\n`).join('')
  return { yaml: head + stringify(mapping, { lineWidth: 100 }), remarks }
}

function fileOf({ file, decimal }: Guess): Record<string, unknown> {
  return {
    ...(file.format === 'ndjson' && { format: 'ndjson' }),
    ...(file.delimiter !== ',' && { delimiter: file.delimiter }),
    ...(!file.header && { header: false, columns: file.columns }),
    ...(file.encoding !== 'utf-8' && { encoding: file.encoding }),
    ...(decimal === ',' && { decimal }),
  }
}

const firstOf = (columns: readonly GuessedColumn[], kind: GuessedColumn['kind']) =>
  columns.find((column) => column.kind === kind)

/** `order` where there is money, `review` where there is a judgement, else what the event is called. */
function nameOf(columns: readonly GuessedColumn[]): string {
  if (firstOf(columns, 'event')) return 'event'
  if (firstOf(columns, 'amount')) return 'order'
  if (firstOf(columns, 'rating') ?? firstOf(columns, 'words')) return 'review'
  return firstOf(columns, 'time') ? 'touchpoint' : 'person'
}

const constantEvents: Readonly<Record<string, string>> = {
  order: 'Order Completed',
  review: 'Review Submitted',
  touchpoint: 'Imported',
}

function touchpointOf(guess: Guess, remarks: string[]): Record<string, unknown> {
  const { columns } = guess
  const name = nameOf(columns)
  const event = firstOf(columns, 'event')
  const amount = name === 'order' || name === 'event' ? firstOf(columns, 'amount') : undefined
  const time = firstOf(columns, 'time')
  const currency = firstOf(columns, 'currency')
  const identifiers = identifiersOf(columns, remarks)
  const used = new Set([event?.name, amount?.name, time?.name, ...Object.values(identifiers)])
  if (amount) used.add(currency?.name)
  const rest = columns.filter((column) => !used.has(column.name)).slice(0, propertiesLimit)
  const values = Object.fromEntries(rest.map((column) => [keyOf(column), valueOf(column)]))
  if (amount && !currency)
    remarks.push('The file names no currency: check the one that is given here.')
  const isPerson = name === 'person'
  return {
    ...(isPerson
      ? { type: 'identify' }
      : { event: event?.name ?? { constant: constantEvents[name] } }),
    id: [columns.find(({ kind, isUnique }) => kind === 'id' && isUnique)?.name ?? '$row'],
    time: timeOf(guess, time, remarks),
    identifiers,
    ...(amount && {
      amount: { value: amount.name, currency: currency?.name ?? { constant: 'EUR' } },
    }),
    ...(rest.length > 0 && { [isPerson ? 'traits' : 'properties']: values }),
  }
}

function timeOf(guess: Guess, time: GuessedColumn | undefined, remarks: string[]): unknown {
  if (!time) {
    remarks.push('The file has no column of times: all rows are dated alike. Name the right day.')
    return { constant: guess.today }
  }
  if (time.orFormat) {
    remarks.push(`"${time.name}" fits ${time.format} and ${time.orFormat}: check which one it is.`)
  }
  return { column: time.name, ...(time.format !== 'iso' && { format: time.format }) }
}

function identifiersOf(
  columns: readonly GuessedColumn[],
  remarks: string[],
): Record<string, string> {
  const found: Record<string, string> = {}
  const [user, email, phone] = [
    firstOf(columns, 'user id'),
    firstOf(columns, 'email'),
    firstOf(columns, 'phone'),
  ]
  if (user) found['user_id'] = user.name
  if (email) found['email'] = email.name
  if (phone) found['phone'] = phone.name
  if (Object.keys(found).length > 0) return found
  const id =
    columns.find(({ kind, isUnique }) => kind === 'id' && !isUnique) ?? firstOf(columns, 'id')
  const stand = id ?? columns[0]
  remarks.push(
    `No column clearly says who it was; "${stand?.name}" stands in. Check "identifiers".`,
  )
  const slug =
    snakeCase(stand?.name ?? '')
      .slice(0, 36)
      .replace(/_?id$/, '') || 'imported'
  return { [`${slug}_id`]: stand?.name ?? '$row' }
}

function keyOf({ name, kind }: GuessedColumn): string {
  if (kind === 'rating') return 'rating'
  if (kind === 'words') return 'text'
  return snakeCase(name) || name
}

function valueOf({ name, kind }: GuessedColumn): unknown {
  const isNumber = kind === 'number' || kind === 'amount' || kind === 'rating'
  return isNumber ? { column: name, as: 'number' } : name
}

/** `Order No.` and `orderNo` are `order_no`; a name begins with a letter. */
function snakeCase(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[^a-z]+|_+$/g, '')
    .slice(0, 40)
}
