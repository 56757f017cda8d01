/** What the lens tells of who brought whom. */
import { subjectIdOf } from '../../domain/identifier.ts'
import type { ReportContext } from '../report.ts'

/** Kinds by which somebody brings others: whoever first used a code in one of these has made it. */
const makes = `kind in ('referral', 'referral_converted', 'member_invited')`
const paid = `kind in ('purchase', 'subscription_started', 'subscription_renewed')`
const isSign = `(referral_code != '' or ${makes})`

/** A code that somebody used. */
export interface Sign {
  readonly code: string
  /** To bring others, rather than on the way in. */
  readonly makes: boolean
  /** In milliseconds since 1970. */
  readonly at: number
}

/** Somebody who used a code, or is told to have been sent or to have sent somebody. */
export interface Signed {
  readonly party: string
  /** First touchpoint, in milliseconds since 1970. */
  readonly firstAt: number
  readonly signs: readonly Sign[]
  /** Invitations in the period. */
  readonly invites: number
  /** What they paid, in minor units by currency. */
  readonly money: Readonly<Record<string, number>>
}

export interface Read {
  readonly signed: readonly Signed[]
  /** People with a touchpoint in the period. */
  readonly active: number
  /** How many people came first in each step of the period. */
  readonly arrivals: readonly { readonly step: number; readonly people: number }[]
}

interface PartyRow {
  readonly party: string
  readonly step: number
  readonly people: number
  readonly active: number
  readonly firstAt: number
  readonly signs: readonly [code: string, makes: number, at: number][]
  readonly invites: number
  readonly money: readonly [currency: string, minor: number][]
}

/** One pass over all touchpoints: people with a code one by one, all others counted. */
export async function readNetwork(
  { rows, scope }: ReportContext,
  own: { stepDays: number; told: readonly string[] },
): Promise<Read> {
  const found = await rows<PartyRow>(
    `
    select if(isSigned, toString(party_id), '') as party,
      if(first >= {scope_from: Int64}, intDiv(first - {scope_from: Int64}, {step: Int64}), -1) as step,
      count() as people, countIf(latest >= {scope_from: Int64}) as active,
      min(first) as firstAt, anyIf(signs, isSigned) as signs, sumIf(invites, isSigned) as invites,
      anyIf(money, isSigned) as money
    from (
      select party_id, toUnixTimestamp64Milli(min(occurred_at)) as first,
        toUnixTimestamp64Milli(max(occurred_at)) as latest,
        groupArrayIf(500)((referral_code, ${makes}, toUnixTimestamp64Milli(occurred_at)), ${isSign}) as signs,
        countIf(kind in ('referral', 'member_invited')
          and occurred_at >= fromUnixTimestamp64Milli({scope_from: Int64}, 'UTC')) as invites,
        groupArrayIf(1000)((currency, amount_minor), ${paid} and amount_minor > 0) as money,
        notEmpty(signs) or party_id in (select arrayJoin({told: Array(UUID)})) as isSigned
      from ${scope.past} group by party_id)
    group by party, step`,
    { step: own.stepDays * 86_400_000, told: own.told },
  )
  const sum = (one: keyof Pick<PartyRow, 'active'>): number =>
    found.reduce((total, row) => total + row[one], 0)
  return {
    signed: found.filter(({ party }) => party !== '').map(signedOf),
    active: sum('active'),
    arrivals: found.filter(({ step }) => step >= 0),
  }
}

function signedOf({ party, firstAt, signs, invites, money }: PartyRow): Signed {
  const paidIn: Record<string, number> = {}
  for (const [currency, minor] of money) paidIn[currency] = (paidIn[currency] ?? 0) + minor
  return {
    ...{ party, firstAt, invites, money: paidIn },
    signs: signs.map(([code, makesIt, at]) => ({ code, makes: makesIt === 1, at })),
  }
}

/** The currency that most of them paid in. */
export function mainCurrency(signed: readonly Signed[]): string | null {
  const payers = new Map<string, number>()
  for (const { money } of signed)
    for (const currency of Object.keys(money))
      if (currency !== '') payers.set(currency, (payers.get(currency) ?? 0) + 1)
  const [most] = [...payers].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
  return most?.[0] ?? null
}

export interface Told {
  readonly party: string
  readonly referrer: string
}

const toldBy = ['referred_by', 'referrer_id', 'referrerId', 'referredBy', 'invited_by', 'invitedBy']

/** Traits that name who sent somebody: a user id or an e-mail address, read as an identifier. */
export async function toldReferrers({ rows, scope }: ReportContext): Promise<Told[]> {
  const told = await rows<{ party: string; name: string }>(`
    select toString(party_id) as party,
      coalesce(${toldBy.map((field) => `nullIf(JSONExtractString(traits, '${field}'), '')`).join(', ')}) as name
    from ${scope.parties}
    where kind = 'person' and match(traits, '"(${toldBy.join('|')})"') and name is not null`)
  if (told.length === 0) return []
  const subjects = new Map(
    told.flatMap(({ name }) =>
      (['user_id', 'email'] as const).map((namespace) => [
        subjectIdOf({ namespace, value: namespace === 'email' ? name.toLowerCase() : name }),
        name,
      ]),
    ),
  )
  const found = await rows<{ subject: string; party: string }>(
    `select toString(subject_id) as subject, toString(any(party_id)) as party from ${scope.past}
     where subject_id in (select arrayJoin({subjects: Array(UUID)})) group by subject_id`,
    { subjects: [...subjects.keys()] },
  )
  const partyOf = new Map(found.map(({ subject, party }) => [subjects.get(subject), party]))
  return told.flatMap(({ party, name }) => {
    const referrer = partyOf.get(name)
    return referrer === undefined || referrer === party ? [] : [{ party, referrer }]
  })
}

export interface Known {
  readonly party: string
  readonly name: string
  readonly rung: string
}

/** Parameters travel in the address, which has an end: so many ids at most. */
const mostIds = 5_000

/** Names and rungs of these people; of many, of everybody who used a code. */
export function knownPeople(
  { rows, scope }: ReportContext,
  ids: readonly string[],
): Promise<Known[]> {
  const select = `select toString(party_id) as party, name, rung from ${scope.parties}`
  return ids.length <= mostIds
    ? rows<Known>(`${select} where party_id in (select arrayJoin({ids: Array(UUID)}))`, { ids })
    : rows<Known>(
        `${select} where party_id global in (select party_id from ${scope.past} where ${isSign})`,
      )
}

export function peopleOnRungs({ rows, scope }: ReportContext) {
  return rows<{ rung: string; people: number }>(
    `select rung, count() as people from ${scope.parties} where kind = 'person' group by rung`,
  )
}
