/** What the lens tells of who brought whom. */
import { subjectIdOf } from '../../domain/identifier.ts'
import { networkedSql, readCodes, type Codes } from './network-codes.ts'
import type { LensParameter } from '../../store/lens-reader.ts'
import type { ReportContext } from '../report.ts'

const paid = `kind in ('purchase', 'subscription_started', 'subscription_renewed')`
const milliseconds = (time: string): string => `toUnixTimestamp64Milli(${time})`

/** Somebody of the network: who carried a code of somebody else, whose code was carried, who is told of. */
export interface Networked {
  readonly party: string
  /** First touchpoint, in milliseconds since 1970. */
  readonly firstAt: number
  /** Whose codes they carried, and since when. */
  readonly carried: Codes['carried'][string]
  /** Invitations in the period. */
  readonly invites: number
  /** What they paid, in minor units by currency. */
  readonly money: Readonly<Record<string, number>>
}

export interface Read {
  readonly networked: readonly Networked[]
  /** People outside the network by their invitations in the period. */
  readonly inviters: readonly { readonly invites: number; readonly people: number }[]
  /** People who carried a code that nobody is known to have made. */
  readonly strangers: number
  /** People with a touchpoint in the period. */
  readonly active: number
  /** How many people came first in each step of the period. */
  readonly arrivals: readonly { readonly step: number; readonly people: number }[]
}

/** Who has to do with a code first, from the few touchpoints that carry one; then what else is known of them. */
export async function readNetwork(
  context: ReportContext,
  own: { stepDays: number; told: readonly string[] },
): Promise<Read> {
  const { carried, strangers } = await readCodes(context)
  const ids = [...new Set([...Object.keys(carried), ...own.told])]
  const ours = oursOf(context, { ids, told: own.told })
  const { firstAt, ...others } = await readPeople(context, ours, own.stepDays)
  const { invites, inviters } = await readInvites(context, ours)
  const money = await readMoney(context, ours)
  const networked = ids.flatMap((party): Networked[] => {
    const first = firstAt.get(party)
    if (first === undefined) return []
    const known = { invites: invites.get(party) ?? 0, money: money.get(party) ?? {} }
    return [{ party, firstAt: first, carried: carried[party] ?? [], ...known }]
  })
  return { networked, inviters, strangers, ...others }
}

/** A test of `party_id` for the people of the network, with its parameters. */
interface Ours {
  readonly test: string
  readonly parameters: Readonly<Record<string, LensParameter>>
}

/** Parameters travel in the address, which has an end (ClickHouse takes 1 MB): so many ids at most. */
export const mostIds = 10_000

function oursOf(
  context: ReportContext,
  { ids, told }: { readonly ids: readonly string[]; readonly told: readonly string[] },
): Ours {
  const given = (name: string): string => `select arrayJoin({${name}: Array(UUID)})`
  return ids.length <= mostIds
    ? { test: `party_id in (${given('ids')})`, parameters: { ids } }
    : {
        test: `party_id global in (${networkedSql(context)} union all ${given('told')})`,
        parameters: { told },
      }
}

/** One pass over all touchpoints: of the network one by one, all others counted. */
async function readPeople({ rows, scope }: ReportContext, ours: Ours, stepDays: number) {
  const found = await rows<{ party: string; step: number; people: number; active: number; firstAt: number }>(
    `select if(is_ours, toString(party_id), '') as party,
       if(first >= {scope_from: Int64}, intDiv(first - {scope_from: Int64}, {step: Int64}), -1) as step,
       count() as people, countIf(latest >= {scope_from: Int64}) as active, min(first) as firstAt
     from (
       select party_id, min(${milliseconds('occurred_at')}) as first, max(${milliseconds('occurred_at')}) as latest,
         ${ours.test} as is_ours
       from ${scope.past} group by party_id)
     group by party, step`,
    { ...ours.parameters, step: stepDays * 86_400_000 },
  ) // prettier-ignore
  return {
    firstAt: new Map(found.flatMap(({ party, firstAt }) => (party === '' ? [] : [[party, firstAt] as const]))),
    active: found.reduce((total, { active }) => total + active, 0),
    arrivals: found.filter(({ step }) => step >= 0),
  } // prettier-ignore
}

async function readInvites({ rows, scope }: ReportContext, ours: Ours) {
  const found = await rows<{ party: string; invites: number; people: number }>(
    `select if(is_ours, toString(party_id), '') as party, invites, count() as people
     from (select party_id, count() as invites, ${ours.test} as is_ours
       from ${scope.history} where kind in ('referral', 'member_invited') group by party_id)
     group by party, invites`,
    ours.parameters,
  )
  return {
    invites: new Map(found.map(({ party, invites }) => [party, invites])),
    inviters: found.filter(({ party }) => party === ''),
  }
}

async function readMoney({ rows, scope }: ReportContext, ours: Ours) {
  const found = await rows<{ party: string; money: [currency: string, minor: number][] }>(
    `select toString(party_id) as party, groupArray((toString(currency), minor)) as money
     from (select party_id, currency, sum(amount_minor) as minor
       from ${scope.past} where ${paid} and amount_minor > 0 and ${ours.test} group by party_id, currency)
     group by party_id`,
    ours.parameters,
  )
  return new Map(found.map(({ party, money }) => [party, Object.fromEntries(money)]))
}

/** The currency that most of the network paid in. */
export function mainCurrency(networked: readonly Networked[]): string | null {
  const payers = new Map<string, number>()
  for (const { money } of networked)
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

/** Names and rungs of these people, who are of the network. */
export function knownPeople(
  context: ReportContext,
  people: { readonly ids: readonly string[]; readonly told: readonly string[] },
): Promise<Known[]> {
  const { test, parameters } = oursOf(context, people)
  return context.rows<Known>(
    `select toString(party_id) as party, name, rung from ${context.scope.parties} where ${test}`,
    parameters,
  )
}

export function peopleOnRungs({ rows, scope }: ReportContext) {
  return rows<{ rung: string; people: number }>(
    `select rung, count() as people from ${scope.parties} where kind = 'person' group by rung`,
  )
}
