/**
 * The kinds of touchpoint in the groups in which a person looks for them. `Record<TouchpointKind>`
 * would be too strict (events keep arriving with kinds of newer servers), so unknown ones are
 * simply shown by their own name.
 */
import type { Channel, TouchpointKind } from '../../src/domain/touchpoint-kind.ts'

export const kindGroups: readonly { name: string; kinds: readonly TouchpointKind[] }[] = [
  {
    name: 'Attention',
    kinds: [
      'page_viewed', 'screen_viewed', 'link_clicked', 'ad_clicked', 'email_opened', 'email_clicked',
      'subscribed', 'unsubscribed', 'message_opened', 'message_clicked', 'followed',
      'social_engaged', 'store_visited', 'event_registered', 'event_attended', 'app_opened',
    ],
  },
  {
    name: 'Education',
    kinds: [
      'content_viewed', 'content_downloaded', 'video_watched', 'webinar_attended',
      'course_started', 'course_completed', 'certification', 'documentation_read',
    ],
  },
  {
    name: 'Match',
    kinds: [
      'product_viewed', 'product_searched', 'wishlist_added', 'cart_added', 'checkout_started',
      'comparison', 'demo_requested', 'quote_requested', 'need_expressed', 'replied',
    ],
  },
  {
    name: 'Partnership',
    kinds: [
      'signed_up', 'signed_in', 'trial_started', 'trial_ended', 'purchase', 'order_refunded',
      'order_cancelled', 'subscription_started', 'subscription_renewed', 'subscription_cancelled',
      'onboarding_completed', 'feature_used', 'member_invited', 'meeting',
    ],
  },
  {
    name: 'Trust',
    kinds: [
      'review', 'rating', 'survey_answer', 'ticket_opened', 'ticket_resolved', 'chat_message',
      'call', 'complaint', 'promise_kept', 'promise_broken', 'recovery', 'incident',
      'media_mention', 'social_mention', 'thanked',
    ],
  },
  {
    name: 'Advocacy',
    kinds: [
      'shared', 'referral', 'referral_converted', 'reference', 'story', 'testimonial',
      'community_question', 'community_answer', 'community_solution', 'idea_submitted',
      'talk_given', 'beta_joined',
    ],
  },
  { name: 'Other', kinds: ['identified', 'grouped', 'custom'] },
] // prettier-ignore

export const channelNames: readonly Channel[] = [
  'web', 'app', 'email', 'sms', 'push', 'chat', 'phone', 'support', 'community', 'event', 'store',
  'sales', 'survey', 'review_site', 'organic_search', 'paid_search', 'organic_social',
  'paid_social', 'display', 'referral', 'direct', 'partner', 'server', 'import', 'unassigned',
] // prettier-ignore

/** The group that a kind belongs to; it colours nothing, it only chooses the sign. */
export function groupOf(kind: string): string {
  const group = kindGroups.find(({ kinds }) => (kinds as readonly string[]).includes(kind))
  return group?.name ?? 'Other'
}
