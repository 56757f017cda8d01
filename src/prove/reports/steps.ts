/**
 * A step of a funnel, the beginning of a cohort, an outcome: a kind of touchpoint, as narrow as
 * wished, or reaching a rung. In an address it reads
 *
 *     page_viewed                        a kind
 *     any                                whatever people do themselves
 *     custom|event=Plan%20Chosen         with an event name; likewise channel and campaign
 *     purchase|prop.plan=pro             with a property, as JSON has it
 *     rung:customer                      coming to this rung from below it
 *
 * and several are divided by commas. Values are percent-encoded, so they may hold anything.
 */
import { RapportError } from '../../domain/error.ts'
import { channels, touchpointKinds } from '../../domain/touchpoint-kind.ts'
import type { LensParameter } from '../../store/lens-reader.ts'

export interface Rung {
  readonly id: string
  readonly name: string
}

export interface Step {
  readonly text: string
  readonly name: string
  /** Null where it is a rung. */
  readonly kind: string | null
  readonly rung: string | null
  readonly event?: string
  readonly channel?: string
  readonly campaign?: string
  readonly properties: readonly (readonly [name: string, value: string])[]
}

/** What we do, or machines; whoever asks for `any` asks for what people do. */
export const kindsNotOfPeople = [
  'email_sent', 'email_delivered', 'email_bounced', 'message_sent', 'identified', 'grouped',
  'aliased',
] as const // prettier-ignore

const kinds: ReadonlySet<string> = new Set(['any', ...touchpointKinds])
const knownChannels: ReadonlySet<string> = new Set(channels)
const refuse = (detail: string): never => {
  throw new RapportError('invalid_request', detail)
}

/** @throws RapportError invalid_request that says what a step may be. */
export function parseSteps(text: string, rungs: readonly Rung[]): Step[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => parseStep(one, rungs))
}

export function parseStep(text: string, rungs: readonly Rung[]): Step {
  const [head = '', ...rest] = text.split('|')
  const where = rest.map((part) => parseCondition(part, text))
  if (head.startsWith('rung:')) {
    const rung = rungs.find(({ id }) => id === head.slice(5))
    if (!rung || where.length > 0)
      return refuse(`“${head}”: the rungs are ${rungs.map(({ id }) => id).join(', ')}.`)
    return { text, name: `Reached ${rung.name}`, kind: null, rung: rung.id, properties: [] }
  }
  if (!kinds.has(head))
    return refuse(`“${head}” is no kind of touchpoint. Use one of ${touchpointKinds.join(', ')}, or any.`) // prettier-ignore
  const of = (name: string): string | undefined => where.find(([one]) => one === name)?.[1]
  const [event, channel, campaign] = [of('event'), of('channel'), of('campaign')]
  if (channel !== undefined && !knownChannels.has(channel))
    return refuse(`“${channel}” is no channel. Use one of ${channels.join(', ')}.`)
  return {
    ...{ text, name: nameOf(head, where), kind: head, rung: null },
    ...(event === undefined ? {} : { event }),
    ...(channel === undefined ? {} : { channel }),
    ...(campaign === undefined ? {} : { campaign }),
    properties: where.flatMap(([name, value]) =>
      name.startsWith('prop.') ? [[name.slice(5), value] as const] : [],
    ),
  }
}

function parseCondition(part: string, text: string): [string, string] {
  const at = part.indexOf('=')
  const name = part.slice(0, Math.max(0, at))
  if (!['event', 'channel', 'campaign'].includes(name) && !/^prop\../.test(name))
    return refuse(`In “${text}”, after | comes event=, channel=, campaign= or prop.NAME=.`)
  try {
    return [name, decodeURIComponent(part.slice(at + 1))]
  } catch {
    return refuse(`In “${text}” the value of ${name} is not percent-encoded.`)
  }
}

function nameOf(kind: string, where: readonly (readonly [string, string])[]): string {
  const event = where.find(([name]) => name === 'event')?.[1]
  const plain = kind.replaceAll('_', ' ')
  const words = kind === 'any' ? 'Any touchpoint' : plain[0]?.toUpperCase() + plain.slice(1)
  const others = where.filter(([name]) => name !== 'event')
  const said = others.map(
    ([name, value]) =>
      `${name.replace('prop.', '')} ${name === 'channel' ? value.replaceAll('_', ' ') : value}`,
  )
  return [event ?? words, ...said].join(', ')
}

interface StepTest {
  /** 1 where a row of the history fulfils it. */
  readonly ofTouchpoint: string
  /** 1 where a row of the moves does. */
  readonly ofMove: string
  readonly parameters: Readonly<Record<string, LensParameter>>
}

/** SQL of a step. @param prefix Of its parameters: letters and digits of ours. */
export function stepTest(step: Step, prefix: string, rungs: readonly Rung[]): StepTest {
  if (step.rung !== null) {
    const place = rungs.findIndex(({ id }) => id === step.rung)
    return {
      ofTouchpoint: '0',
      ofMove: `(what = 'rung' and kind = 'person' and to_value in {${prefix}_from: Array(String)} and from_value not in {${prefix}_from: Array(String)})`,
      parameters: { [`${prefix}_from`]: rungs.slice(place).map(({ id }) => id) },
    }
  }
  const parameters: Record<string, LensParameter> = {}
  const given = (name: string, value: LensParameter, type = 'String'): string => {
    parameters[`${prefix}_${name}`] = value
    return `{${prefix}_${name}: ${type}}`
  }
  const tests = [
    step.kind === 'any'
      ? `kind not in ${given('not', kindsNotOfPeople, 'Array(String)')}`
      : `kind = ${given('kind', step.kind ?? '')}`,
  ]
  for (const column of ['event', 'channel', 'campaign'] as const) {
    const value = step[column]
    if (value !== undefined) tests.push(`${column} = ${given(column, value)}`)
  }
  for (const [index, [name, value]] of step.properties.entries()) {
    const [key, wanted] = [given(`name${index}`, name), given(`value${index}`, value)]
    tests.push(`(JSONExtractString(properties, ${key}) = ${wanted} or JSONExtractRaw(properties, ${key}) = ${wanted})`) // prettier-ignore
  }
  return { ofTouchpoint: `(${tests.join(' and ')})`, ofMove: '0', parameters }
}

/** The test of each step and their parameters together. */
export function stepTests(
  steps: readonly Step[],
  prefix: string,
  rungs: readonly Rung[],
): { readonly tests: readonly StepTest[]; readonly parameters: Record<string, LensParameter> } {
  const tests = steps.map((step, index) => stepTest(step, `${prefix}${index}`, rungs))
  return { tests, parameters: Object.assign({}, ...tests.map(({ parameters }) => parameters)) }
}

/** A number with bit s set where step s is fulfilled. */
export const maskOf = (tests: readonly string[]): string =>
  tests.map((test, index) => `${2 ** index} * toUInt8(${test})`).join(' + ')
