import { getHeapStatistics } from 'node:v8'
import { PerformanceObserver } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { collectAllGarbage, createTidyMemory } from './tidy-memory.ts'

const megabyte = 2 ** 20
const used = (): number => getHeapStatistics().used_heap_size

/** Garbage that has outlived the young generation, as that of a burst of batches does. */
function leaveGarbage(): number {
  let some: object[] | null = Array.from({ length: 400_000 }, (_, i) => ({ i, text: `x${i}` }))
  const most = used()
  some = null
  return some === null ? most : 0
}

test('what a burst leaves behind is given back once it is quiet', async () => {
  await collectAllGarbage()
  const errors: unknown[] = []
  const memory = createTidyMemory({
    quiet: 50,
    worthwhile: 0,
    onError: (error) => errors.push(error),
  })
  const most = leaveGarbage()
  memory.touched()
  await expect.poll(used, { timeout: 5_000 }).toBeLessThan(most - 10 * megabyte)
  expect(errors).toEqual([])
  memory.stop()
})

test('a small heap and a stopped engine are left alone', async () => {
  const small = createTidyMemory({ quiet: 10, worthwhile: 2 ** 50, onError: () => {} })
  const stopped = createTidyMemory({ quiet: 10, worthwhile: 0, onError: () => {} })
  const majors: number[] = []
  const observer = new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) majors.push(startTime)
  })
  observer.observe({ entryTypes: ['gc'] })
  small.touched()
  stopped.touched()
  stopped.stop()
  await wait(100)
  observer.disconnect()
  expect(majors).toEqual([])
  small.stop()
})
