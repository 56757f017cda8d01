/** A step as it stands in an address (src/prove/reports/steps.ts says how it reads), and in words. */
import type { Channel, TouchpointKind } from '../../src/domain/touchpoint-kind.ts'
import { words } from '../domain/words.ts'

export interface StepText {
  /** A kind, `any`, or `rung:<id>`. */
  readonly head: string
  readonly event: string
  readonly channel: string
  readonly campaign: string
  readonly property: string
  readonly value: string
}

/** Those that people look for; any other can stand in the address. */
const stepKinds: readonly TouchpointKind[] = [
  'page_viewed', 'content_viewed', 'content_downloaded', 'video_watched', 'ad_clicked',
  'email_opened', 'email_clicked', 'subscribed', 'store_visited', 'event_attended',
  'webinar_attended', 'product_viewed', 'cart_added', 'checkout_started', 'comparison',
  'demo_requested', 'quote_requested', 'need_expressed', 'meeting', 'call', 'signed_up',
  'signed_in', 'trial_started', 'onboarding_step', 'onboarding_completed', 'feature_used',
  'purchase', 'subscription_started', 'subscription_renewed', 'subscription_cancelled', 'review',
  'survey_answer', 'ticket_opened', 'community_question', 'community_answer', 'shared', 'referral',
  'referral_converted', 'testimonial', 'idea_submitted', 'custom',
] // prettier-ignore

export const stepChannels: readonly Channel[] = [
  'direct', 'organic_search', 'paid_search', 'organic_social', 'paid_social', 'organic_video',
  'paid_video', 'display', 'email', 'sms', 'push', 'affiliates', 'referral', 'web', 'app',
  'support', 'chat', 'phone', 'community', 'event', 'store', 'review_site', 'sales', 'partner',
] // prettier-ignore

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function readStep(text: string): StepText {
  const [head = '', ...rest] = text.split('|')
  const pairs = rest.map((part) => {
    const at = part.indexOf('=')
    return [part.slice(0, at), decode(part.slice(at + 1))] as const
  })
  const of = (name: string): string => pairs.find(([one]) => one === name)?.[1] ?? ''
  const property = pairs.find(([name]) => name.startsWith('prop.'))
  return {
    ...{ head, event: of('event'), channel: of('channel'), campaign: of('campaign') },
    property: property?.[0].slice(5) ?? '',
    value: property?.[1] ?? '',
  }
}

export function writeStep(step: StepText): string {
  const { head, event, channel, campaign, property, value } = step
  if (head.startsWith('rung:')) return head
  const parts = [
    ...Object.entries({ event, channel, campaign }),
    ...(property === '' ? [] : [[`prop.${property}`, value] as const]),
  ]
  const said = parts.filter(([, one]) => one !== '')
  return [head, ...said.map(([name, one]) => `${name}=${encodeURIComponent(one)}`)].join('|')
}

export const isNarrowed = (step: StepText): boolean => writeStep(step).includes('|')

export const readSteps = (text: string): StepText[] => text.split(',').filter(Boolean).map(readStep)

export const writeSteps = (steps: readonly StepText[]): string => steps.map(writeStep).join(',')

/** What can be chosen as a step, rungs first. */
export function stepOptions(
  rungs: readonly { id: string; name: string }[],
  options: { readonly any?: boolean; readonly chosen?: string } = {},
): { value: string; label: string }[] {
  const known = [
    ...(options.any === true ? [{ value: 'any', label: 'Any touchpoint' }] : []),
    ...rungs.slice(1).map(({ id, name }) => ({ value: `rung:${id}`, label: `Reached ${name}` })),
    ...stepKinds.map((kind) => ({ value: kind, label: words(kind) })),
  ]
  const { chosen } = options
  const isKnown = chosen === undefined || known.some(({ value }) => value === chosen)
  return isKnown ? known : [...known, { value: chosen, label: words(chosen) }]
}
