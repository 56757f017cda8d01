import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyOrderChain, funnelChain } from './funnel-chain.ts'
import { funnelLevel } from './funnel.ts'
import { anyOrderLevel } from './reports/testing-conversion.ts'

const walk = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 15 })), {
    maxLength: 24,
  })
  .map((events) => ({
    times: events.map(([time]) => time),
    fulfils: events.map(([, mask]) => mask),
  }))
const options = fc.record({ stepCount: fc.constant(4), window: fc.integer({ min: 0, max: 40 }) })

test('the chain is as long as the level says, in order, and within the window', () => {
  fc.assert(
    fc.property(walk, options, (events, asked) => {
      const chain = funnelChain(events, asked)
      expect(chain).toHaveLength(funnelLevel(events, asked))
      expect(chain).toEqual(chain.toSorted((a, b) => a - b))
      expect((chain.at(-1) ?? 0) - (chain[0] ?? 0)).toBeLessThanOrEqual(asked.window)
      for (const [step, time] of chain.entries()) {
        const fits = events.times.some(
          (at, i) => at === time && (events.fulfils[i] ?? 0) & (1 << step),
        )
        expect(fits).toBe(true)
      }
    }),
  )
})

test('in any order it is as long as trying every window says', () => {
  fc.assert(
    fc.property(walk, options, (events, asked) => {
      const chain = anyOrderChain(events, asked)
      expect(chain).toHaveLength(anyOrderLevel(events, asked))
      expect((chain.at(-1) ?? 0) - (chain[0] ?? 0)).toBeLessThanOrEqual(asked.window)
    }),
  )
})
