import { expect, test } from 'vitest'
import { memoise } from './memoise.ts'

test('computes once what is asked for again, also where the answer is null', () => {
  let computed = 0
  const lengthOf = memoise((text) => (computed++, text === '' ? null : text.length), 10)
  for (let round = 0; round < 3; round++) expect([lengthOf('abc'), lengthOf('')]).toEqual([3, null])
  expect(computed).toBe(2)
})

test('what is asked for often stays, however many others come by', () => {
  const computed: string[] = []
  const same = memoise((text) => {
    computed.push(text)
    return text
  }, 10)
  for (let index = 0; index < 1_000; index++) {
    same('often')
    same(`seldom ${index}`)
  }
  expect(computed.filter((text) => text === 'often')).toHaveLength(1)
  expect(computed).toHaveLength(1_001)
})

test('long texts are never kept', () => {
  let computed = 0
  const same = memoise((text) => (computed++, text), 10)
  same('x'.repeat(601))
  same('x'.repeat(601))
  expect(computed).toBe(2)
})
