import { expect, test } from 'vitest'
import { startWholeServer } from './whole-server.ts'

test('what is sent can be read at once, also by a second program on the same database', async () => {
  const first = await startWholeServer()
  const authorization = `Basic ${btoa(`${first.writeKey}:`)}`
  const body = JSON.stringify({ userId: 'ada', event: 'Order Completed', messageId: 'm-1' })
  const send = (url: string) =>
    fetch(`${url}/v1/track`, { method: 'POST', headers: { authorization }, body })
  expect((await send(first.url)).status).toBe(200)
  const ada = await first.readParty('user_id:ada')
  expect(ada?.touchpoints).toMatchObject([{ kind: 'purchase', event: 'Order Completed' }])
  expect(await first.readParty('user_id:nobody')).toBeNull()

  const second = await startWholeServer({ truth: first.truth })
  expect((await send(second.url)).status).toBe(200)
  expect((await second.readParty('user_id:ada'))?.touchpoints).toHaveLength(1)
  expect(await second.readSource()).toMatchObject({ received: 2, accepted: 1, duplicate: 1 })
  await second.close()
  await first.close()
})
