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

export interface Diary {
  readonly entries: readonly Entry[]
  /** Browser ids used so far. */
  readonly devices: readonly string[]
  readonly userId: string
  isKnown(): boolean
  track(at: number, event: string, properties?: JsonObject, tool?: Tool): void
  page(at: number, path: string, properties?: JsonObject, context?: JsonObject): void
  identify(at: number, traits: JsonObject): void
  /** Says that the person works for the account. */
  group(at: number, traits: JsonObject): void
  /** From now on the person uses the other device, not yet signed in there. */
  switchDevice(): void
  /** A browser shared with others. */
  onSharedBrowser(anonymousId: string, at: number): void
}

interface Device {
  readonly anonymousId: string
  readonly userAgent: string
  isSignedIn: boolean
}

export function openDiary(person: Person, calendar: Calendar, random: Random, seed: string): Diary {
  const entries: Entry[] = []
  const devices = [newDevice(person, random, 'a'), newDevice(person, random, 'b')] as const
  const userId = `u_${person.id.slice(1)}`
  let device: Device = devices[0]
  const used = new Set([device.anonymousId])
  let known = false
  const add = (at: number, event: Omit<SegmentEvent, 'messageId' | 'timestamp'>): void => {
    const time = Math.round(at)
    if (time > calendar.now) return
    const messageId = `demo-${seed}-${person.id}-${entries.length}`
    entries.push({
      at: time,
      event: { messageId, timestamp: new Date(time).toISOString(), ...event },
    })
  }
  const account = person.account ? { groupId: person.account.id } : {}
  const inBrowser = (): Pick<SegmentEvent, 'userId' | 'anonymousId'> => ({
    ...(known && device.isSignedIn ? { userId } : {}),
    anonymousId: device.anonymousId,
  })
  const browserContext = (): JsonObject => ({
    userAgent: device.userAgent,
    timezone: person.market.zone,
    library: { name: 'analytics.js', version: '5.3.0' },
  })
  const serverContext: JsonObject = {
    library: { name: 'analytics-node', version: '3.1.0' },
    ...account,
  }

  return {
    entries,
    get devices() {
      return [...used]
    },
    userId,
    isKnown: () => known,
    track: (at, event, properties = {}, tool = 'browser') => {
      if (tool === 'browser' || tool === 'app') {
        const app = tool === 'app' ? { app: { name: company.name } } : {}
        const context = { ...browserContext(), ...app, ...(known ? account : {}) }
        return add(at, { type: 'track', event, ...inBrowser(), properties, context })
      }
      const context: JsonObject =
        tool === 'server'
          ? serverContext
          : { library: { name: 'mailer' }, traits: { email: person.email } }
      add(at, { type: 'track', event, userId, properties, context })
    },
    page: (at, path, properties = {}, context = {}) => {
      const page = { path, url: `${company.site}${path}`, referrer: '' }
      add(at, {
        type: 'page',
        name: typeof properties['title'] === 'string' ? properties['title'] : path,
        ...inBrowser(),
        properties: { path, ...properties },
        context: { ...browserContext(), page, ...context },
      })
    },
    identify: (at, traits) => {
      known = true
      device.isSignedIn = true
      add(at, { type: 'identify', ...inBrowser(), traits, context: browserContext() })
    },
    group: (at, traits) => {
      if (!person.account) return
      const { id } = person.account
      add(at, { type: 'group', groupId: id, userId, traits, context: serverContext })
    },
    switchDevice: () => {
      device = devices[device === devices[0] ? 1 : 0]
      used.add(device.anonymousId)
    },
    onSharedBrowser: (anonymousId, at) => {
      const userAgent = browsers.kiosk[0]
      const context = { userAgent, page: { path: '/till', url: `${company.app}/till` } }
      add(at, { type: 'identify', anonymousId, userId, traits: {}, context })
      add(at + 40_000, {
        type: 'track',
        event: 'Signed In',
        anonymousId,
        userId,
        properties: {},
        context,
      })
    },
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
