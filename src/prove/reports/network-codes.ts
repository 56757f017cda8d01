/** Who carried whose code: from the touchpoints that carry one, which are few. */
import type { ReportContext } from '../report.ts'

/** Kinds by which somebody brings others: whoever first used a code in one of these has made it. */
const makes = `kind in ('referral', 'referral_converted', 'member_invited')`

/**
 * One row a code and party that carried it: `maker` where somebody made it. Codes are told apart by 64 bits
 * of theirs that nobody can choose.
 */
const carriersSql = ({ scope }: Pick<ReportContext, 'scope'>): string =>
  `select maker, is_known, carrier.1 as party_id, carrier.2 as at
   from (
     select argMinIf(party_id, (made_at, party_id), made_at is not null) as maker, countIf(made_at is not null) > 0 as is_known,
       groupArrayIf((party_id, assumeNotNull(carried_at)), carried_at is not null) as carriers
     from (
       select sipHash64(referral_code) as code, party_id,
         minOrNullIf(toUnixTimestamp64Milli(occurred_at), ${makes}) as made_at,
         minOrNullIf(toUnixTimestamp64Milli(occurred_at), not ${makes}) as carried_at
       from ${scope.past} where referral_code != '' group by code, party_id)
     group by code)
   array join carriers as carrier`

/** Everybody who carried a code of somebody else, or whose code was carried. */
export const networkedSql = (context: Pick<ReportContext, 'scope'>): string =>
  `select arrayJoin([party_id, maker]) as party_id from (${carriersSql(context)}) where is_known and maker != party_id`

export interface Codes {
  /** Of everybody of the network: whose codes they carried, and since when. */
  readonly carried: Readonly<
    Record<string, readonly { readonly maker: string; readonly at: number }[]>
  >
  /** How many carried a code that nobody is known to have made. */
  readonly strangers: number
}

/** With one's own code nobody comes: it is opened to try it. */
export async function readCodes(context: ReportContext): Promise<Codes> {
  const found = await context.rows<{ party: string; maker: string; at: number; strangers: number }>(
    `select if(is_known, toString(party_id), '') as party, if(is_known, toString(maker), '') as maker,
       if(is_known, at, 0) as at, uniqExact(carrier_id) as strangers
     from (select party_id, party_id as carrier_id, maker, is_known, at from (${carriersSql(context)})
       where not is_known or maker != party_id)
     group by party, maker, at order by at, party, maker`,
  )
  const carried: Record<string, { maker: string; at: number }[]> = {}
  let strangers = 0
  for (const row of found) {
    if (row.party === '') strangers += row.strangers
    else {
      ;(carried[row.party] ??= []).push({ maker: row.maker, at: row.at })
      carried[row.maker] ??= []
    }
  }
  return { carried, strangers }
}
