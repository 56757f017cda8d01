/**
 * What a touch is: whether a person of ours stood behind it or a machine, and whether it is paid
 * for, our own, or earned. Null where the channel does not tell.
 */
import type { TouchMarks } from '../../domain/reports/attribution.ts'
import type { Channel, TouchpointKind } from '../../domain/touchpoint-kind.ts'

const setOf = (...names: readonly (Channel | TouchpointKind)[]): ReadonlySet<string> =>
  new Set(names)

const human = setOf(
  'phone', 'sales', 'support', 'chat', 'community', 'event', 'store', 'partner', 'referral',
  'call', 'meeting', 'demo_requested', 'quote_requested', 'opportunity_opened', 'replied',
  'ticket_opened', 'ticket_resolved', 'chat_started', 'chat_message', 'chat_ended', 'complaint',
  'recovery', 'event_registered', 'event_attended', 'webinar_attended', 'store_visited',
  'community_question', 'community_answer', 'community_solution', 'referral_converted',
  'reference', 'talk_given', 'thanked', 'member_invited',
) // prettier-ignore

const unknown = setOf('direct', 'server', 'import', 'unassigned', 'custom')

const paid = setOf(
  'paid_search', 'paid_social', 'paid_video', 'paid_shopping', 'paid_other', 'display',
  'affiliates', 'audio', 'cross_network', 'ad_seen', 'ad_clicked', 'promotion_viewed',
  'promotion_clicked',
) // prettier-ignore

const earned = setOf(
  'organic_search', 'organic_social', 'organic_video', 'organic_shopping', 'referral',
  'review_site', 'community', 'review', 'rating', 'testimonial', 'story', 'shared',
  'referral_converted', 'reference', 'social_mention', 'media_mention', 'community_question',
  'community_answer', 'community_solution', 'followed', 'social_engaged',
) // prettier-ignore

export function marksOf(name: string): TouchMarks {
  if (unknown.has(name)) return { by: null, paid: null }
  return {
    by: human.has(name) ? 'human' : 'automated',
    paid: paid.has(name) ? 'paid' : earned.has(name) ? 'earned' : 'owned',
  }
}
