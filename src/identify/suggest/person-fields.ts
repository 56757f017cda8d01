/**
 * What of a person is compared: a cell a field, '' where it is not known. Names of traits are those
 * of Segment's specification and the usual spellings beside them.
 */
import { jaroWinkler } from '../matching/jaro-winkler.ts'
import { normalise } from '../matching/fields.ts'
import type { BlockKey } from '../matching/blocking.ts'
import type { FieldDefinition } from '../matching/fields.ts'
import type { Json } from '../../domain/touchpoint.ts'

export const personFields = [
  // First and last names go together: who is called Femke is more often called De Vries.
  { name: 'name', kind: 'name' },
  { name: 'first name', kind: 'key' },
  { name: 'last name', kind: 'key' },
  { name: 'mailbox', kind: 'name' },
  { name: 'phone', kind: 'phone' },
  { name: 'street', kind: 'text' },
  { name: 'postcode', kind: 'number' },
  { name: 'city', kind: 'name' },
  { name: 'birthday', kind: 'date' },
  { name: 'company', kind: 'text' },
] as const satisfies readonly FieldDefinition[]

type FieldName = (typeof personFields)[number]['name']

const place = (name: FieldName): number => personFields.findIndex((field) => field.name === name)
const together = (...names: FieldName[]): BlockKey => names.map(place)

/** People are compared who agree on one of these. */
export const personKeys: readonly BlockKey[] = [
  together('mailbox'),
  together('phone'),
  together('name'),
  together('last name', 'birthday'),
  together('last name', 'postcode'),
  together('last name', 'city'),
  together('first name', 'birthday'),
  together('first name', 'postcode'),
  together('first name', 'company'),
  together('last name', 'company'),
]

/** The traits that are read, each field's in the order of preference. */
const traitsOf = {
  first: ['firstName', 'first_name', 'given_name'],
  last: ['lastName', 'last_name', 'family_name', 'surname'],
  name: ['name', 'full_name', 'fullName'],
  email: ['email'],
  phone: ['phone', 'mobile', 'phone_number'],
  street: ['street'],
  postcode: ['postalCode', 'postal_code', 'postcode', 'zip'],
  city: ['city'],
  birthday: ['birthday', 'date_of_birth', 'birthdate'],
  company: ['company', 'company_name', 'organisation', 'organization'],
} as const

/** Everything that is asked of the store; an address holds street, postcode and city inside. */
export const comparedTraits: readonly string[] = [...Object.values(traitsOf).flat(), 'address']

export interface KnownPerson {
  readonly traits: Readonly<Record<string, Json>>
  /** The earliest of the person, or null. */
  readonly email: string | null
  readonly phone: string | null
}

/** One cell a field of `personFields`. */
export function cellsOf({ traits, email, phone }: KnownPerson): string[] {
  const text = (one: Json | undefined): string =>
    typeof one === 'string' ? one.trim() : typeof one === 'number' ? String(one) : ''
  const told = (keys: readonly string[], from = traits): string =>
    keys.map((key) => text(from[key])).find((value) => value !== '') ?? ''
  const inside = (key: string): Readonly<Record<string, Json>> => {
    const value = traits[key]
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  }
  const address = inside('address')
  const mailbox = mailboxOf(email ?? told(traitsOf.email))
  const spoken = nameParts(told(traitsOf.name))
  const written = nameParts(mailbox.replaceAll(/[._-]+/g, ' '))
  const firstName = told(traitsOf.first) || spoken.first || written.first
  const lastName = told(traitsOf.last) || spoken.last || written.last
  const cells: Record<FieldName, string> = {
    name: firstName !== '' && lastName !== '' ? `${firstName} ${lastName}` : '',
    'first name': firstName,
    'last name': lastName,
    mailbox: isMadeOf(mailbox, firstName, lastName) ? '' : mailbox,
    phone: phone ?? told(traitsOf.phone),
    street: told(traitsOf.street, address) || told(traitsOf.street),
    postcode: told(traitsOf.postcode, address) || told(traitsOf.postcode),
    city: told(traitsOf.city, address) || told(traitsOf.city),
    birthday: told(traitsOf.birthday),
    company: told(traitsOf.company) || text(inside('company')['name']),
  }
  return personFields.map(({ name }) => [...cells[name]].slice(0, longestCell).join(''))
}

const longestCell = 100

/** "Ada Lovelace" and "Lovelace, Ada"; of one word it is not known which it is. */
function nameParts(name: string): { first: string; last: string } {
  const [before = '', after] = name.split(',').map((part) => part.trim())
  if (after !== undefined && after !== '') return { first: firstWord(after), last: before }
  const words = name.split(/\s+/)
  if (words.length < 2 || name.includes('@')) return { first: '', last: '' }
  return { first: words[0] ?? '', last: words.at(-1) ?? '' }
}

const firstWord = (text: string): string => text.split(/\s+/)[0] ?? ''

/** What stands before the @, without a tag: "ada.lovelace+shop@example.com" is ada.lovelace. */
function mailboxOf(email: string): string {
  const at = email.lastIndexOf('@')
  return at <= 0 ? '' : (email.slice(0, at).split('+')[0] ?? '')
}

const nearlyMade = 0.9

/**
 * "ada.lovelace", "alovelace" and "lovelace.ada" say nothing that the name has not said: two people of
 * one name have them both.
 */
function isMadeOf(mailbox: string, firstName: string, lastName: string): boolean {
  const letters = (text: string): string => normalise('name', text).replaceAll(/[^\p{L}]/gu, '')
  const [all, first, last] = [letters(mailbox), letters(firstName), letters(lastName)]
  if (all === '') return mailbox === ''
  if (first === '' && last === '') return false
  const initials = [first.slice(0, 1), last.slice(0, 1)]
  return [
    ...[first, last, first + last, last + first],
    ...[initials[0] + last, last + initials[0], first + initials[1], initials.join('')],
    // Also as "mueller" of Müller.
  ].some((made) => made === all || jaroWinkler(made, all) >= nearlyMade)
}
