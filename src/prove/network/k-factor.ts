/**
 * K-factor: how many new members one member brings, K = invitations a member * share of invitations
 * that are taken up (the reproduction number of a community: above 1 it grows by itself).
 *
 * Two intervals. `kFactorOfTotals` knows totals only and takes the newcomers as a Poisson count
 * (Garwood 1936): honest only if everybody invites alike. `kFactorOfMembers` knows what each member
 * did and draws the members anew (bootstrap), so a few who bring many make it as wide as it must be.
 */
import { RapportError } from '../../domain/error.ts'
import { proportion } from '../../math/binomial-interval.ts'
import { percentileInterval } from '../../math/bootstrap.ts'
import { usualConfidence, type Estimate } from '../../math/interval.ts'
import { drawBinomial } from '../../math/binomial-draw.ts'
import { poissonInterval } from '../../math/poisson-interval.ts'
import type { Random } from '../../math/random.ts'

export interface KFactor {
  readonly k: Estimate
  readonly invitationsPerMember: Estimate
  /** Null where nobody was invited. */
  readonly conversion: Estimate | null
  /** How the intervals of `k` and `invitationsPerMember` were made. */
  readonly method: 'poisson' | 'bootstrap'
}

export interface InvitationTotals {
  readonly members: number
  readonly invitations: number
  readonly accepted: number
}

/** Null without members. */
export function kFactorOfTotals(
  { members, invitations, accepted }: InvitationTotals,
  confidence = usualConfidence,
): KFactor | null {
  if (!(members >= 0 && accepted >= 0 && accepted <= invitations && invitations < Infinity))
    throw new RapportError('invalid_analysis', 'More invitations were accepted than sent.')
  if (members === 0) return null
  const perMember = (count: number): Estimate => {
    const { low, high } = poissonInterval(count, confidence)
    return { value: count / members, low: low / members, high: high / members }
  }
  return {
    k: perMember(accepted),
    invitationsPerMember: perMember(invitations),
    conversion: proportion(accepted, invitations, confidence),
    method: 'poisson',
  }
}

export interface KFactorBootstrap {
  readonly random: Random
  readonly replicates?: number
  readonly confidence?: number
}

/** What each member sent and what of it was accepted, the inactive with 0; null without members. */
export function kFactorOfMembers(
  invitations: Float64Array,
  accepted: Float64Array,
  { random, replicates = 1_000, confidence = usualConfidence }: KFactorBootstrap,
): KFactor | null {
  const members = invitations.length
  if (accepted.length !== members)
    throw new RapportError('invalid_analysis', 'The columns of the members differ in length.')
  const sum = (column: Float64Array): number => column.reduce((all, one) => all + one, 0)
  const totals = { members, invitations: sum(invitations), accepted: sum(accepted) }
  const plain = kFactorOfTotals(totals, confidence)
  if (plain === null) return null
  const draws = { sent: new Float64Array(replicates), won: new Float64Array(replicates) }
  for (let replicate = 0; replicate < replicates; replicate++) {
    let [sent, won] = [0, 0]
    for (let i = 0; i < members; i++) {
      const member = random.integer(members)
      sent += invitations[member] ?? 0
      won += accepted[member] ?? 0
    }
    draws.sent[replicate] = sent / members
    draws.won[replicate] = won / members
  }
  const estimate = (value: number, drawn: Float64Array): Estimate => ({
    value,
    ...percentileInterval(drawn, confidence),
  })
  return {
    k: estimate(plain.k.value, draws.won),
    invitationsPerMember: estimate(plain.invitationsPerMember.value, draws.sent),
    conversion: plain.conversion,
    method: 'bootstrap',
  }
}

/** Members who did the same. */
export interface MemberGroup {
  readonly members: number
  /** What each of them sent, and what of it was accepted. */
  readonly invitations: number
  readonly accepted: number
}

/**
 * The same as `kFactorOfMembers` for any number of members: drawing members anew with their group only
 * is a multinomial draw of the groups, made of binomial ones.
 */
export function kFactorOfGroups(
  groups: readonly MemberGroup[],
  { random, replicates = 1_000, confidence = usualConfidence }: KFactorBootstrap,
): KFactor | null {
  const total = (of: (group: MemberGroup) => number): number =>
    groups.reduce((sum, group) => sum + of(group), 0)
  const members = total((group) => group.members)
  const invitations = total((group) => group.members * group.invitations)
  const accepted = total((group) => group.members * group.accepted)
  const plain = kFactorOfTotals({ members, invitations, accepted }, confidence)
  if (plain === null) return null
  const draws = { sent: new Float64Array(replicates), won: new Float64Array(replicates) }
  for (let replicate = 0; replicate < replicates; replicate++) {
    let [left, leftOver, sent, won] = [members, members, 0, 0]
    for (const group of groups) {
      if (leftOver === 0) break
      const share = left > 0 ? Math.min(1, group.members / left) : 0
      const drawn = drawBinomial(leftOver, share, random)
      left -= group.members
      leftOver -= drawn
      sent += drawn * group.invitations
      won += drawn * group.accepted
    }
    draws.sent[replicate] = sent / members
    draws.won[replicate] = won / members
  }
  return {
    k: { value: plain.k.value, ...percentileInterval(draws.won, confidence) },
    invitationsPerMember: {
      value: plain.invitationsPerMember.value,
      ...percentileInterval(draws.sent, confidence),
    },
    conversion: plain.conversion,
    method: 'bootstrap',
  }
}
