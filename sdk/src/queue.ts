/**
 * Events on their way to the server. They stay in the queue, and where storing is allowed in
 * localStorage, until the server has said that it has them, so each may be sent more than once; the
 * server counts it once by its messageId.
 */
import { keys, read, write } from './storage.ts'
import { uuid } from './uuid.ts'

export interface QueuedEvent {
  readonly messageId: string
  readonly [field: string]: unknown
}

export interface QueueOptions {
  readonly host: string
  readonly writeKey: string
  /** Asked each time, since the person may answer at any time. */
  readonly mayStore: () => boolean
  readonly maySend: () => boolean
}

export interface Queue {
  add(event: QueuedEvent): void
  /** Sends what waits; resolves when it has arrived, or must wait for a better time. */
  flush(): Promise<void>
  /** Writes the queue down, or wipes it out, as `mayStore` now says. */
  keep(): void
  drop(): void
}

/** Events; beyond it the oldest are given up. */
const limit = 500
/** Characters (of 1 to 3 bytes) in one request: browsers let 64 KB go out after a page is closed. */
const requestLimit = 2e4
/** Milliseconds: events that come together are sent together. */
const gatherFor = 300
const longestWait = 6e4
const timeLimit = 3e4

const prefix = 'rapport.queue.'

export function createQueue({ host, writeKey, mayStore, maySend }: QueueOptions): Queue {
  // Each page has a key of its own, so that two of them never overwrite each other's.
  const key = prefix + uuid()
  let waiting: QueuedEvent[] = []
  let underWay: QueuedEvent[] = []
  let running: Promise<void> | undefined
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const keep = (): void => write(key, mayStore() && waiting[0] ? waiting : undefined)

  const schedule = (wait: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      timer = undefined
      void send()
    }, wait)
  }

  /** @param leaving The page goes away: everything at once, whatever else is under way. */
  const send = (leaving?: boolean): Promise<void> => {
    if (!running || leaving) {
      clearTimeout(timer)
      timer = undefined
      running = deliver(leaving).finally(() => (running = undefined))
    }
    return running
  }

  const nextRequest = (): QueuedEvent[] => {
    let length = 0
    const idle = waiting.filter((event) => !underWay.includes(event))
    return idle.filter((event, index) => {
      length += JSON.stringify(event).length
      return !index || length < requestLimit
    })
  }

  async function deliver(leaving?: boolean): Promise<void> {
    const batch = maySend() ? nextRequest() : []
    if (!batch[0]) return
    underWay.push(...batch)
    const posting = post(batch)
    if (leaving) void deliver(leaving)
    const wait = await posting
    underWay = underWay.filter((event) => !batch.includes(event))
    if (wait) return schedule(wait)
    failures = 0
    waiting = waiting.filter((event) => !batch.includes(event))
    keep()
    return deliver()
  }

  /** Zero where the events are done with, else how long to wait until the next try, in milliseconds. */
  async function post(batch: readonly QueuedEvent[]): Promise<number> {
    let asked = 0
    try {
      // A text needs no preflight, which could not be answered any more when the page is closed; for
      // the same reason the key stands in the body.
      const body = JSON.stringify({ writeKey, sentAt: new Date(), batch })
      const { status, headers } = await fetch(`${host}/v1/batch`, {
        method: 'POST',
        body,
        keepalive: body.length < requestLimit + 200,
        credentials: 'omit',
        redirect: 'error',
        // Older browsers have no such timer, and give up by themselves after some minutes.
        signal: AbortSignal.timeout?.(timeLimit) ?? null,
      })
      // What was refused as such would be refused again.
      if (status < 500 && status !== 429 && status !== 408) return 0
      asked = Number(headers.get('retry-after')) * 1e3 || 0
    } catch {
      // No network, or none that leads to the server: the same as a busy server.
    }
    const backoff = 1e3 * 2 ** failures++ * (0.5 + Math.random() / 2)
    return Math.min(Math.max(asked, backoff), longestWait)
  }

  addEventListener('online', () => {
    failures = 0
    void send()
  })
  const leave = (): void => void send(true)
  addEventListener('pagehide', leave)
  // Phones close a page in the background without telling it.
  document.addEventListener('visibilitychange', () => document.hidden && leave())

  // What pages before this one could not send. Another one may still be at it: no harm.
  const older = keys().filter((name) => name.startsWith(prefix))
  if (mayStore()) {
    waiting = older.flatMap((name) => (read(name) as QueuedEvent[] | null) ?? []).slice(-limit)
    keep()
    void send()
  }
  for (const name of older) write(name, undefined)

  return {
    add(event) {
      waiting = [...waiting, event].slice(-limit)
      keep()
      if (!timer && !underWay[0]) schedule(gatherFor)
    },
    flush: () => send(),
    keep,
    drop() {
      waiting = []
      keep()
    },
  }
}
