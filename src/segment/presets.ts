/** Questions of the field, each as a tree to begin with. They rest on touchpoints, so any model has them. */
import type { SegmentGroup, SegmentRule, TouchpointFilter } from '../domain/segment-view.ts'

interface Preset {
  readonly id: string
  readonly name: string
  /** Why one would look at these people. */
  readonly why: string
  readonly kind: 'person'
  readonly tree: SegmentGroup
}

type Kinds = NonNullable<TouchpointFilter['kinds']>
const bought: Kinds = ['purchase', 'subscription_started', 'subscription_renewed']
const active: Kinds = ['content_viewed', 'video_watched', 'documentation_read', 'feature_used', 'signed_in', 'app_opened', 'event_attended', 'webinar_attended'] // prettier-ignore
const spoke: Kinds = ['replied', 'chat_started', 'call', 'meeting', 'ticket_opened', 'survey_answer', 'community_question', 'need_expressed'] // prettier-ignore
const praised: Kinds = ['shared', 'referral', 'reference', 'story', 'testimonial', 'review', 'social_mention', 'community_answer'] // prettier-ignore
const hurt: Kinds = ['complaint', 'promise_broken', 'incident']
const mended: Kinds = ['recovery', 'promise_kept', 'ticket_resolved']
const asked: Kinds = ['email_sent', 'message_sent', 'survey_answer', 'referral']

const count = (
  kinds: Kinds,
  operator: SegmentRule['operator'],
  value: number,
  more: Partial<SegmentRule> = {},
): SegmentRule => ({ field: 'touchpoint.count', of: { kinds }, operator, value, ...more })
const all = (...rules: SegmentGroup['rules']): SegmentGroup => ({ combinator: 'and', rules })
const any = (...rules: SegmentGroup['rules']): SegmentGroup => ({ combinator: 'or', rules })

export const presets: readonly Preset[] = [
  {
    id: 'under_the_radar',
    name: 'Under the radar',
    why: 'They bought and use it, and never said a word: nobody on your side knows them.',
    kind: 'person',
    tree: all(count(bought, 'at_least', 1), count(active, 'at_least', 3, { within: '30d' }), count(spoke, 'at_most', 0)),
  },
  {
    id: 'about_to_re_evaluate',
    name: 'About to re-evaluate',
    why: 'They chose you once and are comparing again. Who speaks with them now is still asked.',
    kind: 'person',
    tree: all(
      count(bought, 'at_least', 1),
      any(
        count(['comparison', 'cart_removed', 'trial_ended'], 'at_least', 1, { within: '30d', since: { kinds: bought } }),
        all(count(active, 'at_least', 5, { within: '90d' }), count(active, 'at_most', 0, { within: '14d' })),
      ),
    ),
  },
  {
    id: 'silent_fans',
    name: 'Silent fans',
    why: 'They come back again and again and have never told anybody. Thank them before you ask.',
    kind: 'person',
    tree: all(count(bought, 'at_least', 3), count(praised, 'at_most', 0), count(hurt, 'at_most', 0, { within: '180d' }), { field: 'health', operator: 'equals', value: 'green' }),
  },
  {
    id: 'ready_to_be_asked',
    name: 'Ready to be asked',
    why: 'They have just said that they are happy, nothing is owed, and nobody has asked anything of them lately.',
    kind: 'person',
    tree: all(
      count(['review', 'rating', 'survey_answer', 'thanked'], 'at_least', 1, { within: '60d', of: { kinds: ['review', 'rating', 'survey_answer'], where: [{ property: 'score', operator: 'at_least', value: 0.75 }] } }),
      count(hurt, 'at_most', 0, { within: '60d' }),
      count(asked, 'at_most', 2, { within: '30d' }),
      { field: 'health', operator: 'equals', value: 'green' },
    ),
  },
  {
    id: 'recovering',
    name: 'Recovering',
    why: 'You let them down and made it good. Now every promise counts twice.',
    kind: 'person',
    tree: all(
      { field: 'sequence', operator: 'happened', within: '90d', steps: [{ of: { kinds: hurt } }, { of: { kinds: mended }, within: '30d', without: { kinds: ['subscription_cancelled'] } }] },
      { field: 'health', operator: 'not_equals', value: 'red' },
    ),
  },
  {
    id: 'outgrown',
    name: 'Outgrown',
    why: 'It was part of their week, and hardly is any more, without a complaint: they may need something larger, or nothing.',
    kind: 'person',
    tree: all(count(active, 'at_least', 12, { within: '26w' }), count(active, 'at_most', 1, { within: '30d' }), count(hurt, 'at_most', 0, { within: '26w' })),
  },
] // prettier-ignore
