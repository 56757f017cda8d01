/**
 * What is known of a person at a moment, as numbers: how often and how lately they did what, where they
 * stood. One list for training, scoring and for saying why. Counts enter as ln(1 + count), since the
 * step from no to one tells more than that from ten to eleven.
 */
import type { TouchpointKind } from '../domain/touchpoint-kind.ts'

export interface Feature {
  readonly id: string
  readonly name: string
  /** The number as it was before it was put on its scale. */
  readonly plain: (value: number) => number
  /** In words, of one person: "Read or watched 4 times in the last 30 days". */
  readonly says: (value: number) => string
}

interface KindGroup {
  readonly id: string
  readonly kinds: readonly TouchpointKind[]
  readonly name: string
  /** "visited", as in "visited 3 times". */
  readonly did: string
}

export const kindGroups: readonly KindGroup[] = [
  { id: 'visits', kinds: ['page_viewed', 'screen_viewed', 'app_opened', 'signed_in'], name: 'Visits', did: 'visited' },
  { id: 'learning', kinds: ['content_viewed', 'content_downloaded', 'video_watched', 'webinar_attended', 'documentation_read', 'course_started', 'course_completed', 'certification'], name: 'Reading and watching', did: 'read or watched' },
  { id: 'use', kinds: ['feature_used'], name: 'Use of the product', did: 'used the product' },
  { id: 'letters', kinds: ['email_sent', 'email_delivered', 'message_sent'], name: 'Letters sent', did: 'was written to' },
  { id: 'opens', kinds: ['email_opened', 'message_opened'], name: 'Letters opened', did: 'opened a letter' },
  { id: 'clicks', kinds: ['email_clicked', 'message_clicked', 'link_clicked', 'ad_clicked', 'promotion_clicked'], name: 'Clicks', did: 'clicked' },
  { id: 'need', kinds: ['comparison', 'demo_requested', 'quote_requested', 'need_expressed', 'replied', 'cart_added', 'checkout_started', 'wishlist_added', 'product_viewed'], name: 'Signs of need', did: 'showed a need' },
  { id: 'trials', kinds: ['trial_started', 'signed_up', 'onboarding_step', 'onboarding_completed'], name: 'Trials and first steps', did: 'took a first step' },
  { id: 'purchases', kinds: ['purchase', 'subscription_started', 'subscription_renewed'], name: 'Purchases', did: 'bought' },
  { id: 'leaving', kinds: ['subscription_cancelled', 'order_refunded', 'unsubscribed', 'trial_ended'], name: 'Ends and refunds', did: 'ended or gave back something' },
  { id: 'support', kinds: ['ticket_opened', 'call', 'chat_message'], name: 'Calls for help', did: 'asked for help' },
  { id: 'disappointments', kinds: ['promise_broken', 'incident', 'complaint'], name: 'Disappointments', did: 'was let down' },
  { id: 'kept', kinds: ['promise_kept', 'recovery', 'perk_received', 'ticket_resolved'], name: 'Promises kept and repairs', did: 'was done good to' },
  { id: 'answers', kinds: ['survey_answer', 'rating'], name: 'Answers to surveys', did: 'answered a survey' },
  { id: 'reviews', kinds: ['review', 'testimonial', 'story'], name: 'Reviews and stories', did: 'wrote or told of us' },
  { id: 'referrals', kinds: ['referral', 'shared', 'social_mention', 'referral_converted'], name: 'Recommendations', did: 'recommended us' },
  { id: 'references', kinds: ['reference', 'talk_given', 'beta_joined'], name: 'References', did: 'spoke for us' },
  { id: 'community', kinds: ['community_question', 'community_answer', 'community_solution', 'idea_submitted'], name: 'Community', did: 'took part in the community' },
  { id: 'meetings', kinds: ['meeting', 'event_attended', 'store_visited', 'event_registered'], name: 'Meetings', did: 'met us' },
] // prettier-ignore

const times = (count: number): string =>
  count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`
const days = (count: number): string => (count === 1 ? '1 day' : `${count} days`)
const asIs = (value: number): number => value
/** How long ago something is where it never was, in days. */
export const neverDays = 3_650

const countFeature = (id: string, name: string, did: string, when: string): Feature => ({
  ...{ id, name, plain: (value) => Math.round(Math.expm1(value)) },
  says: (value) => {
    const count = Math.round(Math.expm1(value))
    return count === 0
      ? `Never ${did}${when === 'in all' ? '' : ` ${when}`}`
      : `${capital(did)} ${times(count)} ${when}`
  },
}) // prettier-ignore

const agoFeature = (id: string, name: string, what: string): Feature => ({
  ...{ id, name, plain: (value) => Math.round(Math.expm1(value)) },
  says: (value) => {
    const ago = Math.round(Math.expm1(value))
    if (ago >= neverDays) return `No ${what} yet`
    return ago < 1 ? `${capital(what)} within a day` : `${capital(what)} ${days(ago)} ago`
  },
})

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const round = (value: number): string => String(Math.round(value * 100) / 100)

/** In the order of the columns that `feature-columns.ts` reads. */
export function featuresOf(rungs: readonly { readonly name: string }[]): Feature[] {
  return [
    ...kindGroups.flatMap(({ id, name, did }) => [
      countFeature(`${id}_30`, `${name}, last 30 days`, did, 'in the last 30 days'),
      countFeature(`${id}_90`, `${name}, last 90 days`, did, 'in the last 90 days'),
      countFeature(`${id}_all`, `${name}, ever`, did, 'in all'),
    ]),
    agoFeature('seen_ago', 'Time since last seen', 'last touchpoint'),
    agoFeature('bought_ago', 'Time since the last purchase', 'last purchase'),
    agoFeature('known_for', 'Time since first seen', 'first touchpoint'),
    countFeature('active_days_30', 'Active days, last 30 days', 'was active on a day', 'in the last 30 days'),
    countFeature('active_days_90', 'Active days, last 90 days', 'was active on a day', 'in the last 90 days'),
    { id: 'channels', name: 'Channels used', plain: asIs, says: (value) => `Came over ${value === 1 ? '1 channel' : `${value} channels`}` },
    { id: 'spent', name: 'Spent in all', plain: (value) => Math.expm1(value), says: (value) => value === 0 ? 'Spent nothing yet' : `Spent ${Math.round(Math.expm1(value))} in all` },
    { id: 'sentiment', name: 'Tone of their words', plain: asIs, says: (value) => value === 0 ? 'Wrote in a neutral tone, or nothing' : `Wrote in a ${value > 0 ? 'friendly' : 'sour'} tone (${round(value)})` },
    { id: 'score', name: 'Scores they gave', plain: asIs, says: (value) => value < 0 ? 'Gave no score' : `Gave scores of ${round(value)} on average (of 1)` },
    { id: 'rung', name: 'Rung', plain: asIs, says: (value) => `Stands on "${rungs[value]?.name ?? 'the first rung'}"` },
    agoFeature('rung_days', 'Time on the rung', 'last step on the ladder'),
    { id: 'health', name: 'Health', plain: asIs, says: (value) => ['Health was green', 'Health was yellow', 'Health was red'][value] ?? 'Health was green' },
  ] // prettier-ignore
}
