import type { Identifier } from '../domain/identifier.ts'
import type { Json } from '../domain/touchpoint.ts'

const maximumLength = 120

/** The name that traits give, or null: a full name, else first and last, else what stands for one. */
export function nameOfTraits(traits: Readonly<Record<string, Json>>): string | null {
  const text = (key: string): string | null => {
    const value = traits[key]
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
  }
  const first = text('firstName') ?? text('first_name')
  const last = text('lastName') ?? text('last_name')
  const joined = [first, last].filter(Boolean).join(' ')
  const name =
    text('name') ??
    text('full_name') ??
    text('fullName') ??
    (joined || null) ??
    text('username') ??
    text('email')
  return name && [...name].slice(0, maximumLength).join('')
}

const nameless: Readonly<Record<string, string>> = { anonymous_id: 'Visitor', phone: 'Caller' }

/** A name from identifiers alone: the e-mail address, the user id, or "Visitor 3f2a". */
export function nameOfIdentifiers(identifiers: readonly Identifier[]): string {
  const of = (namespace: string): string | undefined =>
    identifiers.find((identifier) => identifier.namespace === namespace)?.value
  const spoken = of('account') ?? of('email') ?? of('user_id')
  if (spoken) return [...spoken].slice(0, maximumLength).join('')
  const [any] = identifiers
  const label = nameless[any?.namespace ?? ''] ?? 'Contact'
  return `${label} ${(any?.value ?? '').replace(/[^A-Za-z0-9]/g, '').slice(-6)}`.trim()
}
