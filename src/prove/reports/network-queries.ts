/** What the lens tells of who brought whom. */
import { subjectIdOf } from '../../domain/identifier.ts'
import type { ReportContext } from '../report.ts'

/** Kinds by which somebody brings others: whoever first used a code in one of these has made it. */
const makes = `kind in ('referral', 'referral_converted', 'member_invited')`
const paid = `kind in ('purchase', 'subscription_started', 'subscription_renewed')`
const isSign = `(referral_code != '' or ${makes})`

export interface Sign {
  readonly party: string
  readonly code: string
  readonly makes: boolean
  /** First time, in milliseconds since 1970. */
  readonly at: number
  /** Invitations by it in the period. */
  readonly invites: number
}

/** Who used which code first when: to bring others, or on the way in. */
export function signs({ rows, scope }: ReportContext): Promise<Sign[]> {
  return rows<Sign>(`
    select toString(party_id) as party, referral_code as code, ${makes} as makes,
      toUnixTimestamp64Milli(min(occurred_at)) as at,
      countIf(kind in ('referral', 'member_invited')
        and occurred_at >= fromUnixTimestamp64Milli({scope_from: Int64}, 'UTC')) as invites
    from ${scope.past} where ${isSign}
    group by party_id, code, makes order by at, party, code`)
}

export interface Newcomer {
  readonly party: string
  readonly firstAt: number
  readonly money: number
  readonly otherMoney: boolean
}

/** When those who came with a code, or are said to have been sent, came first, and what they paid. */
export function newcomers(
  { rows, scope }: ReportContext,
  own: { currency: string; told: readonly string[] },
): Promise<Newcomer[]> {
  return rows<Newcomer>(
    `
    select toString(party_id) as party, toUnixTimestamp64Milli(min(occurred_at)) as firstAt,
      sumIf(amount_minor, ${paid} and currency = {currency: String}) as money,
      countIf(${paid} and currency != {currency: String} and amount_minor > 0) > 0 as otherMoney
    from ${scope.past}
    where party_id global in (
        select party_id from ${scope.past} where referral_code != '' and not ${makes})
      or party_id in (select arrayJoin({told: Array(UUID)}))
    group by party_id`,
    own,
  )
}

export async function mainCurrency({ rows, scope }: ReportContext): Promise<string | null> {
  const [most] = await rows<{ currency: string }>(`
    select currency from ${scope.past} where ${paid} and amount_minor > 0 and currency != ''
    group by currency order by count() desc, currency limit 1`)
  return most?.currency ?? null
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

/** Names and rungs of everybody who made or carried a code. */
export function knownPeople(
  { rows, scope }: ReportContext,
  own: { told: readonly string[] },
): Promise<Known[]> {
  return rows<Known>(
    `select toString(party_id) as party, name, rung from ${scope.parties}
     where party_id global in (select party_id from ${scope.past} where ${isSign})
       or party_id in (select arrayJoin({told: Array(UUID)}))`,
    own,
  )
}

export interface NewPeople {
  readonly step: number
  readonly people: number
}

/** Who was active in the period, and who came first in each step of it. */
export async function activity(
  { rows, scope }: ReportContext,
  stepDays: number,
): Promise<{ active: number; steps: NewPeople[] }> {
  const found = await rows<NewPeople & { active: number }>(
    `select if(first >= {scope_from: Int64}, intDiv(first - {scope_from: Int64}, {step: Int64}), -1) as step,
       count() as people, countIf(latest >= {scope_from: Int64}) as active
     from (select toUnixTimestamp64Milli(min(occurred_at)) as first,
         toUnixTimestamp64Milli(max(occurred_at)) as latest
       from ${scope.past} group by party_id)
     group by step`,
    { step: stepDays * 86_400_000 },
  )
  return {
    active: found.reduce((sum, { active }) => sum + active, 0),
    steps: found.filter(({ step }) => step >= 0),
  }
}

export function peopleOnRungs({ rows, scope }: ReportContext) {
  return rows<{ rung: string; people: number }>(
    `select rung, count() as people from ${scope.parties} where kind = 'person' group by rung`,
  )
}
