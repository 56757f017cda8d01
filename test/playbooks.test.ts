/** Every playbook is complete: it parses, its names exist, and it answers what the product promises. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseModel } from '../src/relationship/parse-model.ts'
import { compileModel } from '../src/relationship/compile-model.ts'
import type { Model } from '../src/relationship/model-schema.ts'

const folder = join(import.meta.dirname, '..', 'models')
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'))

function read(file: string): Model {
  const parsed = parseModel(readFileSync(join(folder, file), 'utf8'))
  expect(parsed.ok ? [] : parsed.faults).toEqual([])
  if (!parsed.ok) throw new Error(`${file} has faults`)
  return parsed.model
}

it('has the three playbooks', () => {
  expect(files).toEqual(['creator.yaml', 'retail.yaml', 'saas.yaml'])
})

describe.each(files)('%s', (file) => {
  const model = read(file)

  it('compiles', () => {
    expect(compileModel(model).measures.length).toBeGreaterThan(40)
  })

  it('has the seven dimensions and the nine rungs, in their order', () => {
    expect(Object.keys(model.dimensions)).toEqual([
      'awareness', 'education', 'trust', 'match', 'partnership', 'loyalty', 'advocacy',
    ]) // prettier-ignore
    expect(model.rungs.map(({ id }) => id)).toEqual([
      'unaware', 'aware', 'considering', 'trusting', 'connected', 'customer', 'owner', 'loyal', 'advocate',
    ]) // prettier-ignore
  })

  it('measures what each promise of the product needs', () => {
    const ids = Object.keys(model.measures)
    for (const id of [
      'first_channel', 'first_source', 'first_campaign', 'landing_page', 'attention', 'lessons', 'learning',
      'certifications', 'trust_deposits', 'trust_withdrawals', 'promises_kept', 'promises_broken',
      'slowest_answer', 'need', 'asked_us', 'connection', 'purchases', 'revenue', 'choices', 'advocacy',
      'referrals', 'followers', 'referred_value', 'influenced_value', 'deflected_value', 'warmth',
    ]) {
      expect(ids).toContain(id)
    } // prettier-ignore
  })

  it('explains every entry of the trust account and every alarm in words', () => {
    for (const name of [model.trust.deposits, model.trust.withdrawals]) {
      const measure = model.measures[name]
      if (measure?.kind !== 'decayed_sum') throw new Error(`${name} must fade`)
      for (const { because } of measure.of) expect(because?.length ?? 0).toBeGreaterThan(5)
    }
    const reasons = [...model.health.red, ...model.health.yellow].map(({ because }) => because)
    expect(reasons.length).toBeGreaterThanOrEqual(8)
    expect(new Set(reasons).size).toBe(reasons.length)
    expect(reasons).toContain('Trust is overdrawn')
  })

  it('teaches: it has comments for the person who edits it', () => {
    const text = readFileSync(join(folder, file), 'utf8')
    expect(text.split('\n').filter((line) => line.trim().startsWith('#')).length).toBeGreaterThan(
      20,
    )
  })

  it('has personas and a value in money', () => {
    expect(model.personas.length).toBeGreaterThanOrEqual(3)
    expect(model.value.own).toBe('revenue')
  })
})
