/**
 * Statements that are sent again and again are prepared by name, so that the server parses and plans
 * them once a connection: a third of its work where batches are small. For our own server only, since
 * connection poolers in between may not know names.
 */
import type { PoolClient } from 'pg'

/** How often a text must have come before it gets a name. */
const repeatsFrom = 20
/** Names at most; each costs some memory in every connection. */
const namesLimit = 32
/** Texts that are counted; many come once only, since batches touch different measures. */
const countedLimit = 500

export class RepeatedStatements {
  readonly #names = new Map<string, string>()
  readonly #counts = new Map<string, number>()

  /** The name of a text that has proved to be repeated. Only writes: a read is planned for its values. */
  nameOf(text: string): string | undefined {
    const name = this.#names.get(text)
    if (name !== undefined || this.#names.size >= namesLimit || !isWrite(text)) return name
    const count = (this.#counts.get(text) ?? 0) + 1
    if (count < repeatsFrom) {
      if (this.#counts.size >= countedLimit) this.#counts.clear()
      this.#counts.set(text, count)
      return undefined
    }
    this.#counts.delete(text)
    const given = `rapport_${this.#names.size + 1}`
    this.#names.set(text, given)
    return given
  }
}

const isWrite = (text: string): boolean => /^\s*(insert|update|with)\s/i.test(text)

/** Lets a connection use the names; whoever asks it notices nothing. */
export function prepareRepeated(client: PoolClient, statements: RepeatedStatements): void {
  const send = client.query.bind(client) as (...given: unknown[]) => unknown
  const query = (text: unknown, values: unknown, ...rest: unknown[]): unknown => {
    const hasValues = Array.isArray(values) && values.length > 0
    const name = typeof text === 'string' && hasValues ? statements.nameOf(text) : undefined
    if (name === undefined) return send(text, values, ...rest)
    return send({ name, text, values }, ...rest)
  }
  client.query = query as PoolClient['query']
}
