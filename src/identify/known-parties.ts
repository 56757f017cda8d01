/** What this process remembers of identifiers, so that the same ones are not looked up again and again. */

export interface KnownParty {
  readonly partyId: string
  /** Milliseconds since 1970; the true one may be earlier, where another process noted so. */
  readonly firstSeenAt: number
}

/**
 * The party of an existing identifier changes only under the exclusive identity lock, and whoever
 * does so counts the identity epoch up. So what was read at an epoch holds for everybody who, under
 * the lock, reads that same epoch.
 */
export class KnownParties {
  readonly #limit: number
  #epoch: string | null = null
  #parties = new Map<string, KnownParty>()

  /** @param limit  how many are remembered; each takes about 200 bytes */
  constructor(limit = 100_000) {
    this.#limit = limit
  }

  /** By subject. `epoch` was read in the transaction that holds the identity lock. */
  at(epoch: string): ReadonlyMap<string, KnownParty> {
    if (epoch !== this.#epoch) {
      this.#epoch = epoch
      // A new map, since a transaction of the epoch before may still be reading its own.
      this.#parties = new Map()
    }
    return this.#parties
  }

  /** To be called once what was found is committed. What another epoch found is not kept. */
  remember(epoch: string, found: ReadonlyMap<string, KnownParty>): void {
    if (epoch !== this.#epoch) return
    for (const [subject, party] of found) this.#parties.set(subject, party)
    for (const oldest of this.#parties.keys()) {
      if (this.#parties.size <= this.#limit) return
      this.#parties.delete(oldest)
    }
  }
}
