/** What one person leaves behind: events in the form in which the tools of the company send them. */
import { browsers } from './devices.ts'
import { company } from './company.ts'
import type { Calendar } from './company.ts'
import type { JsonObject } from '../src/domain/touchpoint.ts'
import type { Person } from './people.ts'
import type { Random } from '../src/math/random.ts'
import type { SegmentEvent } from './segment-event.ts'

/** An event with its time in milliseconds, so that it can be put in order. */
export interface Entry {
  readonly at: number
  readonly event: SegmentEvent
}

/** By which tool something comes in. People are known there by what that tool knows of them. */
export type Tool = 'browser' | 'app' | 'server' | 'mail'

interface Device {
  readonly anonymousId: string
  readonly userAgent: string
  isSignedIn: boolean
}

type Message = Omit<SegmentEvent, 'messageId' | 'timestamp'>

export class Diary {
  readonly entries: Entry[] = []
  readonly userId: string
  readonly #person: Person
  readonly #now: number
  readonly #seed: string
  readonly #both: readonly [Device, Device]
  readonly #used = new Set<string>()
  #device: Device
  #isKnown = false

  constructor(person: Person, calendar: Calendar, random: Random, seed: string) {
    this.userId = `u_${person.id.slice(1)}`
    this.#person = person
    this.#now = calendar.now
    this.#seed = seed
    this.#both = [newDevice(person, random, 'a'), newDevice(person, random, 'b')]
    this.#device = this.#both[0]
    this.#used.add(this.#device.anonymousId)
  }

  /** Browser ids used so far. */
  get devices(): readonly string[] {
    return [...this.#used]
  }

  /** Whether the person has ever said who they are. */
  get isKnown(): boolean {
    return this.#isKnown
  }

  track(at: number, event: string, properties: JsonObject = {}, tool: Tool = 'browser'): void {
    if (tool === 'browser' || tool === 'app') {
      const app = tool === 'app' ? { app: { name: company.name } } : {}
      const account = this.#isKnown ? this.#account() : {}
      const context = { ...this.#browserContext(), ...app, ...account }
      return this.#add(at, { type: 'track', event, ...this.#inBrowser(), properties, context })
    }
    const context = tool === 'server' ? this.#serverContext() : this.#mailContext()
    this.#add(at, { type: 'track', event, userId: this.userId, properties, context })
  }

  page(at: number, path: string, properties: JsonObject = {}, context: JsonObject = {}): void {
    const { title } = properties
    const page = { path, url: `${company.site}${path}`, referrer: '' }
    this.#add(at, {
      type: 'page',
      name: typeof title === 'string' ? title : path,
      ...this.#inBrowser(),
      properties: { path, ...properties },
      context: { ...this.#browserContext(), page, ...context },
    })
  }

  identify(at: number, traits: JsonObject): void {
    this.#isKnown = true
    this.#device.isSignedIn = true
    this.#add(at, {
      type: 'identify',
      ...this.#inBrowser(),
      traits,
      context: this.#browserContext(),
    })
  }

  /** Says that the person works for the account. */
  group(at: number, traits: JsonObject): void {
    const { account } = this.#person
    if (!account) return
    const context = this.#serverContext()
    this.#add(at, { type: 'group', groupId: account.id, userId: this.userId, traits, context })
  }

  /** From now on the person uses the other device, perhaps not yet signed in there. */
  switchDevice(): void {
    const [one, other] = this.#both
    this.#device = this.#device === one ? other : one
    this.#used.add(this.#device.anonymousId)
  }

  /** Signs in on a browser that is shared with others. */
  useSharedBrowser(anonymousId: string, at: number): void {
    const page = { path: '/till', url: `${company.app}/till` }
    const who = { anonymousId, userId: this.userId }
    const context = { userAgent: browsers.kiosk[0], page }
    this.#add(at, { type: 'identify', ...who, traits: {}, context })
    this.#add(at + 40_000, { type: 'track', event: 'Signed In', ...who, properties: {}, context })
  }

  #add(at: number, event: Message): void {
    const time = Math.round(at)
    if (time > this.#now) return
    const messageId = `demo-${this.#seed}-${this.#person.id}-${this.entries.length}`
    const timestamp = new Date(time).toISOString()
    this.entries.push({ at: time, event: { messageId, timestamp, ...event } })
  }

  #inBrowser(): Pick<SegmentEvent, 'userId' | 'anonymousId'> {
    const { anonymousId, isSignedIn } = this.#device
    return this.#isKnown && isSignedIn ? { userId: this.userId, anonymousId } : { anonymousId }
  }

  #account(): JsonObject {
    const { account } = this.#person
    return account ? { groupId: account.id } : {}
  }

  #browserContext(): JsonObject {
    return {
      userAgent: this.#device.userAgent,
      timezone: this.#person.market.zone,
      library: { name: 'analytics.js', version: '5.3.0' },
    }
  }

  #serverContext(): JsonObject {
    return { library: { name: 'analytics-node', version: '3.1.0' }, ...this.#account() }
  }

  #mailContext(): JsonObject {
    return { library: { name: 'mailer' }, traits: { email: this.#person.email } }
  }
}

function newDevice(person: Person, random: Random, letter: string): Device {
  const usesDesk =
    letter === 'a' ? person.account !== null || random.chance(0.4) : random.chance(0.2)
  return {
    anonymousId: `${person.id}${letter}-${random.integer(2 ** 32).toString(16)}`,
    userAgent: random.choice(usesDesk ? browsers.desktop : browsers.phone),
    isSignedIn: false,
  }
}
