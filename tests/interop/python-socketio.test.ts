// Debian's python-socketio, an independent client of the same protocol, against the threads fixture.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startThreadsFixture, type ThreadsFixture } from '../e2e/fixture.js'

const python = '/usr/bin/python3'
const run = promisify(execFile)
const visitor = new URL('./python/visitor.py', import.meta.url).pathname

const missing = 'needs Debian packages python3-socketio, python3-requests, python3-websocket'
const hasClient = await run(python, ['-c', 'import socketio, requests, websocket']).then(
  () => true,
  () => false,
)
if (!hasClient && process.env.CI) throw new Error(`This ${missing}.`)
if (!hasClient) process.stderr.write(`No python-socketio for tests: it ${missing}.\n`)

let fixture: ThreadsFixture
beforeAll(async () => {
  fixture = await startThreadsFixture()
})
afterAll(() => fixture.stop())

const tenant = { org: 'A', ws: 'X' }

describe.skipIf(!hasClient).each(['websocket', 'polling'])('python-socketio over %s', (transport) => {
  test.each([
    ['url', '/'],
    ['ns', '/A/X'],
  ] as const)('talks in the room of the instance %s, namespace %s', async (instance, namespace) => {
    const url = fixture[instance]
    const id = await createRoom(url)

    const { stdout } = await run(python, [visitor, url, namespace, 'alice', transport, id])

    const { answers, pushes } = JSON.parse(stdout)
    const { events } = await readEvents(url, id)
    const live = events.slice(3)
    expect(answers.transport).toBe(transport)
    expect(answers.joined).toEqual({ thread_id: id, replayed: [], replay_truncated: false })
    expect(answers.sent.event).toMatchObject({ type: 'message', content: [{ text: 'grüße 🐍' }] })
    expect(answers.sent_again).toEqual(answers.sent)
    expect(answers.invoked).toMatchObject({ runs: [{ assistant: { id: 'echo' } }], reused: [] })
    expect(pushesOf(pushes, 'event')).toEqual(live)
    expect(pushesOf(pushes, 'run:updated').map(({ status }) => status)).toEqual([
      'pending',
      'running',
      'completed',
    ])
    expect(answers.resumed).toEqual({ thread_id: id, replayed: live.slice(1), replay_truncated: false })
    expect(answers.malformed).toMatchObject({ error: { code: 'invalid_request' } })
    expect(answers.unknown).toMatchObject({ error: { code: 'not_found' } })
    expect(answers.left).toEqual({ thread_id: id, left: true })
  })
})

type Wire = Record<string, unknown> & { status?: string }

const pushesOf = (pushes: [string, Wire][], name: string): Wire[] =>
  pushes.filter(([pushed]) => pushed === name).map(([, payload]) => payload)

async function call(url: string, method: string, path: string, body?: object) {
  const headers = { authorization: 'Bearer alice' }
  const response = await fetch(`${url}/acp${path}`, { method, headers, body: body && JSON.stringify(body) })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return response.json()
}

async function createRoom(url: string): Promise<string> {
  const { id } = await call(url, 'POST', '/threads', { tenant })
  const identity = { role: 'assistant', id: 'echo', name: 'echo' }
  await call(url, 'POST', `/threads/${id}/members`, { identity })
  return id
}

async function readEvents(url: string, id: string): Promise<{ events: Wire[] }> {
  const { items } = await call(url, 'GET', `/threads/${id}/events?limit=100`)
  return { events: items }
}
