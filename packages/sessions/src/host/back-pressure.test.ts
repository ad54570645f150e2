import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '@parley/testkit'
import { expect, test } from 'vitest'
import { testHost } from './host.test.support.js'
import { fakeServer } from './link/fake-server.test.support.js'
import { wsDial } from './link/index.js'

const agent = fileURLToPath(new URL('../../dist/demo-agent/main.js', import.meta.url))
const total = 20_000

const bytesIn = (directory: string): number =>
  readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0)

// proves: sessions.s82
test('a server that acknowledges nothing gets no more than its window, and the agent waits', async () => {
  const server = await fakeServer()
  server.acksEvery = Number.POSITIVE_INFINITY
  server.welcomeLimits = { frameBytes: 1_048_576, unackedEvents: 200, unackedBytes: 8_388_608 }
  const limitBytes = 400_000
  const spool = { segmentBytes: 40_000, limitBytes, recentBytes: 40_000 }
  const host = await testHost({ spool, dial: wsDial({ url: server.url, token: () => 't' }) })
  const start = { command: process.execPath, args: [agent], workspace: host.workspace }
  await host.answer({ method: 'POST', path: '/sessions/s1/start', body: start })
  await host.answer({ method: 'POST', path: '/sessions/s1/prompt', body: { text: `chunks ${total} 300` } })

  await eventually(() => host.events.room() !== undefined)
  await eventually(() => server.taken.length === 200)
  for (let look = 0; look < 50; look++) {
    const { body } = await host.answer({ method: 'GET', path: '/sessions/s1/health' })
    expect(body).toMatchObject({ status: 'running' })
  }
  // What one read of the agent's pipe brings is written down before the next is not made.
  const slackBytes = 400_000
  expect(bytesIn(join(host.dataDir, 'spool'))).toBeLessThan(limitBytes + slackBytes)
  expect(server.taken).toHaveLength(200)

  let isOver = false
  server.afterFrame = (frame) => {
    isOver ||= frame.type === 'event' && JSON.stringify(frame.event).includes('"stopReason"')
  }
  server.acksEvery = 1
  server.send({ type: 'ack', ...server.position })

  await eventually(() => isOver, { deadlineMs: 60_000 })
  const texts = server.ofType('event').map(({ event }) => JSON.stringify(event))
  const numbers = texts.flatMap((text) => /"chunk (\d+) /.exec(text)?.[1] ?? [])
  expect(numbers).toEqual(Array.from({ length: total }, (_, index) => String(index + 1)))
}, 120_000)
