import { beforeEach, expect, test } from 'vitest'
import { RememberedAnswers } from './remember.ts'

let now = 0
let made = 0
let answers: RememberedAnswers

beforeEach(() => {
  now = 0
  made = 0
  answers = new RememberedAnswers({ now: () => now })
})

/** Takes so long, and says how manieth it is. */
const taking = (cost: number) => async (): Promise<number> => {
  now += cost
  return ++made
}
const ask = (cost: number, key = 'ladder'): Promise<number> => answers.get(key, taking(cost))
/** What is made in the background has been made. */
const later = async (milliseconds: number): Promise<void> => {
  await Promise.resolve()
  await new Promise((resolve) => setImmediate(resolve))
  now += milliseconds
}

test('what is cheap is made anew each time', async () => {
  expect([await ask(99), await ask(99), await ask(99)]).toEqual([1, 2, 3])
})

test('what is dear is remembered for thirty times its cost, five minutes at most', async () => {
  expect(await ask(1_000)).toBe(1)
  await later(28_000)
  expect(await ask(1_000)).toBe(1)
  await later(1_001)
  expect(made).toBe(1)
  // The old one, while a new one is made.
  expect(await ask(1_000)).toBe(1)
  await later(0)
  expect(made).toBe(2)
  expect(await ask(1_000)).toBe(2)

  expect(await ask(10_000, 'reach')).toBe(3)
  await later(289_000)
  expect(await ask(10_000, 'reach')).toBe(3)
  await later(1_001)
  await ask(10_000, 'reach')
  await later(0)
  expect(made).toBe(4)
})

test('an answer of a quarter of an hour ago is not given any more', async () => {
  expect(await ask(2_000)).toBe(1)
  await later(20 * 60_000)
  expect(await ask(2_000)).toBe(2)
})

test('who asks at the same time gets the same answer', async () => {
  expect(await Promise.all([ask(500), ask(500), ask(500)])).toEqual([1, 1, 1])
})

test('a failure is not remembered, and is told to who waits for it', async () => {
  const fail = (): Promise<number> => Promise.reject(new RangeError('no'))
  await expect(answers.get('ladder', fail)).rejects.toThrow('no')
  expect(await ask(500)).toBe(1)
  await later(16_000)
  expect(await answers.get('ladder', fail)).toBe(1)
  await later(0)
  await expect(answers.get('ladder', fail)).rejects.toThrow('no')
})

test('no more than fifty are kept', async () => {
  for (let i = 0; i <= 50; i++) await ask(200, `days ${i}`)
  expect(await ask(200, 'days 50')).toBe(51)
  expect(await ask(200, 'days 0')).toBe(52)
})
