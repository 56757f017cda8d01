import { expect, test } from 'vitest'
import { lastNight, whatIsDue } from './what-is-due.ts'
import { models } from './catalogue.ts'
import type { ServingFit } from './model-queries.ts'

const at = (text: string): number => Date.parse(`${text}Z`)
const all = models.map(({ id }) => id)

test('the night is at three, UTC', () => {
  expect(lastNight(at('2026-11-23T02:59:59'))).toBe(at('2026-11-22T03:00:00'))
  expect(lastNight(at('2026-11-23T03:00:00'))).toBe(at('2026-11-23T03:00:00'))
})

const serving = (id: string, days: { fitted: string; scored: string; drift?: number }): ServingFit => ({
  ...{ id: id as ServingFit['id'], version: 1, parameters: { model: {}, spreads: { scores: { ends: [], shares: [1] }, features: {} } } },
  ...{ fittedAt: new Date(at(days.fitted)), scoredAt: new Date(at(days.scored)) },
  drift: { asOf: '2026-11-22T00:00:00Z', scores: days.drift ?? 0, features: [] },
}) // prettier-ignore

test('what was never looked at is fitted at once', () => {
  expect(whatIsDue(new Map(), [], at('2026-11-23T12:00:00'))).toEqual({ fit: all, score: [] })
})

test('once a night: scored where it is fresh, fitted where it is old, drifted, failed or not served', () => {
  const now = at('2026-11-23T03:00:01')
  const fits = [
    serving('purchases', { fitted: '2026-11-20T03:00:00', scored: '2026-11-22T03:10:00' }),
    serving('value', { fitted: '2026-11-10T03:00:00', scored: '2026-11-22T03:10:00' }),
    serving('buy', { fitted: '2026-11-20T03:00:00', scored: '2026-11-22T03:10:00', drift: 0.3 }),
    serving('review', { fitted: '2026-11-20T03:00:00', scored: '2026-11-23T03:00:00' }),
  ]
  const last = new Map(
    all.map((id) => {
      const fitted = fits.find((one) => one.id === id)
      return [id, { at: fitted?.fittedAt ?? new Date(at('2026-11-22T03:05:00')), state: fitted ? ('serving' as const) : ('refused' as const) }] // prettier-ignore
    }),
  )
  expect(whatIsDue(last, fits, now)).toEqual({
    fit: ['value', 'buy', 'refer', 'reference', 'next_rung', 'churn'],
    score: ['purchases'],
  })
  // Later the same day nothing is due any more.
  const done = new Map(all.map((id) => [id, { at: new Date(now), state: 'refused' as const }]))
  expect(whatIsDue(done, [], now + 12 * 3_600_000)).toEqual({ fit: [], score: [] })
})
