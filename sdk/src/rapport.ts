/** The calls that a website makes: who it is, what they do, what they allow. */
import { createQueue, type Queue } from './queue.ts'
import { read, readCookie, write, writeCookie } from './storage.ts'
import { uuid } from './uuid.ts'
import { address, firstTouch, origin, pageInfo, type FirstTouch } from './visit.ts'

export interface RapportOptions {
  /** Address of the Rapport server, for example `https://rapport.example.com`. */
  readonly host: string
  readonly writeKey: string
  /**
   * `required`: nothing is stored or sent until `setConsent(true)`. Left out or `granted`: the site
   * needs no consent, or has it.
   */
  readonly consent?: 'granted' | 'required' | undefined
  /** Calls `page()` when the page is loaded and whenever its address changes. Left out: yes. */
  readonly autoPage?: boolean | undefined
  /** For example `.example.com`: people are recognised on all its hosts, by a cookie. */
  readonly cookieDomain?: string | undefined
}

export type Fields = Readonly<Record<string, unknown>>

export interface Rapport {
  load(options: RapportOptions): void
  page(name?: string, properties?: Fields): void
  identify(userId?: string | number | Fields | null, traits?: Fields): void
  track(event: string, properties?: Fields): void
  group(groupId: string | number, traits?: Fields): void
  /** After signing out: the next events are somebody else's. */
  reset(): void
  setConsent(granted: boolean): void
  /** Sends what waits; resolves when it has arrived, or must wait for a better time. */
  flush(): Promise<void>
}

/** What is remembered of the person between pages. */
interface Memory {
  readonly anonymousId: string
  readonly userId?: string | undefined
  readonly groupId?: string | undefined
  readonly firstTouch?: FirstTouch
  /** What the person answered; nothing where nobody asked. */
  readonly consent?: boolean | undefined
}

const memoryKey = 'rapport'
const library = { name: 'rapport-browser', version: '0.1.0' }

/** https://w3c.github.io/gpc/: do not sell or share. We do not even remember, unless we may. */
const privacyControl = (): boolean =>
  (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl === true

/** A page's own object; there is one per page, `rapport`. */
function createRapport(): Rapport {
  let options: RapportOptions | undefined
  let queue: Queue | undefined
  let memory: Memory = { anonymousId: '' }
  /** Address of the page before, within an app that changes its address without loading anew. */
  let referrer = ''
  let shown = ''
  const early: (() => void)[] = []

  const mayStore = (): boolean =>
    memory.consent ?? (options?.consent !== 'required' && !privacyControl())
  const maySend = (): boolean => memory.consent ?? options?.consent !== 'required'

  const remember = (changes: Partial<Memory>): void => {
    memory = { ...memory, ...changes }
    const { consent } = memory
    // Of somebody who refused, only the refusal: else they would be asked and followed again.
    const kept = mayStore() ? memory : consent === false ? { consent } : undefined
    const domain = options?.cookieDomain
    if (domain) writeCookie(memoryKey, kept, domain)
    else write(memoryKey, kept)
  }

  const anybody = (): Memory => ({ anonymousId: uuid(), firstTouch: firstTouch() })

  const send = (type: string, fields: Fields): void => {
    // Kept while the question is open, thrown away once the answer was no.
    if (memory.consent === false) return
    const { anonymousId, userId, groupId, firstTouch: touch, consent } = memory
    const page = pageInfo(referrer)
    queue?.add({
      ...{ type, messageId: uuid(), timestamp: new Date(), anonymousId, userId },
      context: {
        ...{ library, page, groupId, firstTouch: touch, ...origin(referrer) },
        locale: navigator.language,
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        globalPrivacyControl: privacyControl() || undefined,
        consent: consent && { granted: consent },
      },
      ...fields,
    })
  }

  /** Calls that come before `load` are kept for it. */
  const whenLoaded = (call: () => void): void => {
    if (options) call()
    else early.push(call)
  }

  const page: Rapport['page'] = (name, properties) =>
    whenLoaded(() => {
      const now = address()
      if (shown && shown !== now) referrer = shown
      shown = now
      send('page', { name, properties: { ...pageInfo(referrer), name, ...properties } })
    })

  const watchAddress = (): void => {
    // After the page has set its title.
    const changed = (): void =>
      void setTimeout(() => {
        if (address() !== shown) page()
      })
    for (const name of ['pushState', 'replaceState'] as const) {
      const original = history[name].bind(history)
      history[name] = (...change) => {
        original(...change)
        changed()
      }
    }
    addEventListener('popstate', changed)
    // Back again to a page that the browser had kept as it was.
    addEventListener('pageshow', (event) => event.persisted && page())
    page()
  }

  return {
    load(given) {
      if (options) return
      options = { ...given, host: given.host.replace(/\/+$/, '') }
      const stored = (given.cookieDomain ? readCookie(memoryKey) : read(memoryKey)) as Memory | null
      memory = { anonymousId: '', consent: stored?.consent }
      memory = {
        ...anybody(),
        ...(mayStore() ? stored : memory.consent === false && { consent: false }),
      }
      referrer = document.referrer
      queue = createQueue({ ...options, mayStore, maySend })
      remember({})
      for (const call of early.splice(0)) call()
      if (given.autoPage === false) return
      // A page that the browser fetched ahead may never be looked at.
      if (!(document as { prerendering?: boolean }).prerendering) watchAddress()
      else document.addEventListener('prerenderingchange', watchAddress, { once: true })
    },
    page,
    identify: (userId, traits) =>
      whenLoaded(() => {
        const isTraits = userId && typeof userId === 'object'
        const id = userId && !isTraits ? String(userId) : memory.userId
        // Two people on one device are not one person.
        if (memory.userId && id !== memory.userId) remember({ ...anybody(), groupId: undefined })
        remember({ userId: id })
        send('identify', { traits: (isTraits ? userId : traits) ?? {} })
      }),
    track: (event, properties = {}) => whenLoaded(() => send('track', { event, properties })),
    group: (id, traits = {}) =>
      whenLoaded(() => {
        remember({ groupId: String(id) })
        send('group', { groupId: String(id), traits })
      }),
    reset: () =>
      whenLoaded(() => remember({ ...anybody(), userId: undefined, groupId: undefined })),
    setConsent: (granted) =>
      whenLoaded(() => {
        remember({ consent: granted })
        if (!granted) queue?.drop()
        queue?.keep()
        void queue?.flush()
      }),
    flush: async () => queue?.flush(),
  }
}

export const rapport: Rapport = createRapport()
