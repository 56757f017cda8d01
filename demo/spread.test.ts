/** The SaaS playbook, applied to the demo company, shows something on every rung and in every colour. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { compileModel } from '../src/relationship/compile-model.ts'
import { addTouchpoint, emptyState } from '../src/relationship/fold.ts'
import { modelSchema } from '../src/relationship/model-schema.ts'
import { standingOf } from '../src/relationship/standing.ts'
import { isRejected, normaliseEvent } from '../src/collect/normalise-event.ts'
import { sentimentOf } from '../src/listen/sentiment.ts'
import { demoDefaults, simulateDemo } from './generate.ts'
import type { State } from '../src/relationship/measure-table.ts'

const now = Date.UTC(2026, 10, 23, 12)

describe('the SaaS playbook on the demo company', () => {
  const yaml = readFileSync(new URL('../models/saas.yaml', import.meta.url), 'utf8')
  const model = compileModel(modelSchema.parse(parse(yaml)))
  const { events, truth } = simulateDemo({ ...demoDefaults, now })
  const owner = new Map<string, string>()
  for (const { id, userId, anonymousIds } of truth.people) {
    for (const device of anonymousIds) owner.set(device, id)
    if (userId) owner.set(userId, id)
  }
  const states = new Map<string, State>(truth.people.map(({ id }) => [id, emptyState(model)]))
  for (const event of events) {
    const person = owner.get(event.userId ?? '') ?? owner.get(event.anonymousId ?? '')
    const state = states.get(person ?? '')
    const circumstances = { sourceId: 'demo', receivedAt: now, makeMessageId: () => 'none' }
    const touchpoint = normaliseEvent(event, circumstances)
    if (!state || isRejected(touchpoint)) continue
    addTouchpoint(model, state, { ...touchpoint, sentiment: sentimentOf(touchpoint.text) })
  }
  const standings = new Map([...states].map(([id, state]) => [id, standingOf(model, state, now)]))

  it('puts between 2 % and 45 % of the people on each of the nine rungs', () => {
    for (const [index, { id }] of model.rungs.entries()) {
      const count = [...standings.values()].filter(({ rung }) => rung === index).length
      expect(count / standings.size, id).toBeGreaterThan(0.02)
      expect(count / standings.size, id).toBeLessThan(0.45)
    }
  })

  it('colours some red, more yellow, most green', () => {
    const shareOf = (colour: string): number =>
      [...standings.values()].filter(({ health }) => health === colour).length / standings.size
    expect(shareOf('red')).toBeGreaterThan(0.02)
    expect(shareOf('yellow')).toBeGreaterThan(shareOf('red'))
    expect(shareOf('green')).toBeGreaterThan(0.6)
  })

  it('agrees with what is true: payers stand on customer or above', () => {
    const customer = model.rungs.findIndex(({ id }) => id === 'customer')
    const leads = truth.people.filter(
      ({ customerFrom, customerUntil, account }) => customerFrom && !customerUntil && !account,
    )
    const high = leads.filter(({ id }) => (standings.get(id)?.rung ?? 0) >= customer)
    expect(high.length / leads.length).toBeGreaterThan(0.97)
    const unreached = truth.people.filter(({ userId, customerFrom }) => !userId && !customerFrom)
    const wrong = unreached.filter(({ id }) => (standings.get(id)?.rung ?? 0) >= customer)
    expect(wrong).toEqual([])
  })
})
