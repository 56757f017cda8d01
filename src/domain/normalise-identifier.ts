import { hash } from 'node:crypto'
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min'
import type { Identifier } from './identifier.ts'

/** Longer values are replaced by their SHA-256: equal values stay equal, and every index takes them. */
const lengthLimit = 200

/**
 * Values that programs send where they know nobody. Two people who share one of them are not one
 * person, so none of them may identify anybody. Compared in lower case, without surrounding quotes.
 */
const blockedValues = new Set([
  '',
  '-1',
  'null',
  'nil',
  'none',
  'nan',
  'undefined',
  '(null)',
  '(none)',
  '(not set)',
  'not set',
  'n/a',
  'na',
  'unknown',
  'guest',
  'anonymous',
  'anon',
  'not_authenticated',
  'unauthenticated',
  'true',
  'false',
  '[object object]',
  '{}',
  '[]',
  'id',
  'user_id',
  'userid',
  'anonymous_id',
  'anonymousid',
  'distinct_id',
  'distinctid',
  'email',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
])

/** Mailboxes of a role rather than a person, or of nobody: many people write from and to them. */
const sharedMailboxes = new Set([
  'abuse',
  'accounting',
  'accounts',
  'admin',
  'administrator',
  'billing',
  'contact',
  'donotreply',
  'enquiries',
  'hello',
  'help',
  'helpdesk',
  'hr',
  'info',
  'inquiries',
  'invoices',
  'jobs',
  'mail',
  'mailer-daemon',
  'marketing',
  'newsletter',
  'no-reply',
  'no_reply',
  'nobody',
  'noreply',
  'office',
  'orders',
  'postmaster',
  'press',
  'privacy',
  'reception',
  'root',
  'sales',
  'security',
  'service',
  'support',
  'team',
  'test',
  'webmaster',
])

/** RFC 5321: octets before the @ and in the whole address. */
const mailboxLimit = 64
const addressLimit = 254

/**
 * The identifier that a value stands for in its namespace, or null where it identifies nobody.
 * Two values become the same identifier only where they certainly mean the same: an e-mail address
 * is put in lower case and nothing else, since `a+b@x.org` and `a.b@x.org` may be other people.
 *
 * @param country ISO 3166 code by which a phone number without `+` is read.
 */
export function normaliseIdentifier(
  namespace: string,
  value: unknown,
  country?: string,
): Identifier | null {
  const text = readText(value)
  if (text === null || isBlocked(text)) return null
  const normalised =
    namespace === 'email'
      ? normaliseEmail(text)
      : namespace === 'phone'
        ? normalisePhone(text, country)
        : text
  if (normalised === null) return null
  return { namespace, value: shorten(normalised) }
}

function readText(value: unknown): string | null {
  if (typeof value === 'string') {
    // Control characters are never part of an identifier, but get in by careless copying.
    return value
      .replaceAll(/\p{Cc}/gu, '')
      .toWellFormed()
      .trim()
  }
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null
}

function isBlocked(text: string): boolean {
  // The longest blocked value is a UUID with quotes around it.
  if (text.length > 40) return false
  const bare = text.replace(/^["'`]+/, '').replace(/["'`]+$/, '')
  // Zero, and the UUID and advertising id of nobody: 00000000-0000-0000-0000-000000000000.
  return blockedValues.has(bare.trim().toLowerCase()) || /^[0-]+$/.test(bare)
}

function shorten(value: string): string {
  return value.length > lengthLimit ? `sha256:${hash('sha256', value, 'hex')}` : value
}

/**
 * Accepts what a mail server on the internet takes without quoting: a dotted host name with letters
 * in its last label, and a mailbox of printable characters without those that RFC 5322 reserves.
 */
function normaliseEmail(text: string): string | null {
  const address = text.toLowerCase()
  const at = address.indexOf('@')
  const mailbox = address.slice(0, at)
  const host = address.slice(at + 1)
  if (at < 1 || at > mailboxLimit || address.length > addressLimit) return null
  if (!/^[^\s"(),:;<>@[\\\]]+$/.test(mailbox) || !isDotted(mailbox)) return null
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(host) || !isDotted(host)) return null
  const labels = host.split('.')
  const last = labels.at(-1) ?? ''
  if (labels.length < 2 || last.length < 2 || !/\p{L}/u.test(last)) return null
  if (labels.some((label) => label.length > 63 || label.startsWith('-') || label.endsWith('-'))) {
    return null
  }
  return isSharedMailbox(mailbox) ? null : address
}

function isDotted(text: string): boolean {
  return !text.startsWith('.') && !text.endsWith('.') && !text.includes('..')
}

function isSharedMailbox(mailbox: string): boolean {
  const plus = mailbox.indexOf('+')
  return sharedMailboxes.has(plus < 0 ? mailbox : mailbox.slice(0, plus))
}

/** E.164. Without `+` and without a country nobody can know whose number it is. */
function normalisePhone(text: string, country: string | undefined): string | null {
  if (text.length > 40) return null
  const region = country && /^[a-z]{2}$/i.test(country) ? country.toUpperCase() : undefined
  const international = text.startsWith('00') ? `+${text.slice(2)}` : text
  if (!international.startsWith('+') && region === undefined) return null
  const number = parsePhoneNumberFromString(international, region as CountryCode | undefined)
  // An extension names a desk behind a shared number.
  return number?.isValid() && !number.ext ? number.number : null
}
