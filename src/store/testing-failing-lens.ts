import type { ClickHouseClient } from '@clickhouse/client'
import type { Lens } from './lens.ts'

/** A lens whose n-th call fails, after it was made or before. */
export function failingLens(
  lens: Lens,
  at: number,
  after: boolean,
): { lens: Lens; calls: () => number } {
  let calls = 0
  const wrap = (client: ClickHouseClient): ClickHouseClient =>
    new Proxy(client, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (!['insert', 'command', 'query'].includes(String(name))) return value
        return async (...of: unknown[]) => {
          const fails = ++calls === at
          if (fails && !after) throw new Error('gone')
          const answer: unknown = await (value as (...x: unknown[]) => unknown).apply(target, of)
          if (fails) throw new Error('gone')
          return answer
        }
      },
    })
  return { lens: { ...lens, client: async () => wrap(await lens.client()) }, calls: () => calls }
}
