import { expect, test } from 'vitest'
import { generateDemo } from './generate.ts'
import { streamDemo } from './stream-demo.ts'

const options = { seed: 3, people: 25, months: 6, now: Date.parse('2026-11-23T09:00:00Z') }

test('the chunks of the worker are the simulation, in its order', async () => {
  const events = []
  for await (const chunk of streamDemo({ ...options, eventsAtOnce: 100 })) {
    expect(chunk.events.length).toBeLessThanOrEqual(100)
    events.push(...chunk.events)
    expect(chunk.total).toBeGreaterThanOrEqual(events.length)
  }
  expect(events.length).toBeGreaterThan(200)
  expect(events).toEqual([...generateDemo(options)])
})

test('who stops early stops the worker too', async () => {
  for await (const { events } of streamDemo({ ...options, eventsAtOnce: 10 })) {
    expect(events).toHaveLength(10)
    break
  }
  expect(process.getActiveResourcesInfo()).not.toContain('Worker')
})

test('a worker that fails says so', async () => {
  const chunks = streamDemo(null as never)
  await expect(chunks.next()).rejects.toThrow(TypeError)
})
