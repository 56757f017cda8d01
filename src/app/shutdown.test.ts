import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { closePromptly, listen } from './shutdown.ts'
import { startTestServer } from './testing.ts'

test('closing finishes what is in flight, then ends streams and stores', async () => {
  const order: string[] = []
  const server = await startTestServer({
    rooms: [
      async (app) => {
        app.get('/slow', async () => {
          await sleep(300)
          const { rows } = await server.truth.pool.query<{ one: number }>('select 1 as one')
          order.push('answered')
          return rows[0]
        })
      },
    ],
  })
  const port = await listen(server.app, { port: 0, host: '127.0.0.1' })
  const slow = fetch(`http://127.0.0.1:${port}/slow`)
  await sleep(100)
  const begun = performance.now()
  const closed = server.close().then(() => order.push('closed'))
  await sleep(50)
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow()
  expect(await (await slow).json()).toEqual({ one: 1 })
  await closed
  expect(performance.now() - begun).toBeLessThan(3_000)
  expect(order).toEqual(['answered', 'closed'])
  await expect(server.truth.pool.query('select 1')).rejects.toThrow()
})

test('a body that never ends is cut', async () => {
  const app = fastify({ forceCloseConnections: 'idle' })
  closePromptly(app, 200)
  app.post('/', async () => 'never')
  const port = await listen(app, { port: 0, host: '127.0.0.1' })
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
  )
  await sleep(100)
  const begun = performance.now()
  await app.close()
  expect(performance.now() - begun).toBeLessThan(2_000)
})

test('a port in use is told with what to do', async () => {
  const [one, two] = [fastify(), fastify()]
  const port = await listen(one, { port: 0, host: '127.0.0.1' })
  await expect(listen(two, { port, host: '127.0.0.1' })).rejects.toThrow(
    expect.objectContaining({
      code: 'startup_failed',
      detail: expect.stringContaining('set PORT'),
    }),
  )
  await one.close()
})
