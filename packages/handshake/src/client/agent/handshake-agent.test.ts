import { manualTimers } from '@parley/testkit'
import { expect, test } from 'vitest'
import { buildPrompt } from '../../protocol/prompt/build.js'
import { fakeServer } from '../fake-server.test.support.js'
import { HandshakeError } from '../handshake-error.js'
import { type AgentOptions, HandshakeAgent } from './handshake-agent.js'

async function agentAt(options: Partial<AgentOptions> = {}) {
  const server = await fakeServer()
  const prompt = buildPrompt({ session: server.sessionInfo, baseUrl: `${server.baseUrl}/` })
  return { server, agent: HandshakeAgent.fromPrompt(prompt, options) }
}

const failureOf = async (work: Promise<unknown>): Promise<HandshakeError> => {
  const error = await work.catch((caught: unknown) => caught)
  if (error instanceof HandshakeError) return error
  throw new Error('the call did not fail with a HandshakeError')
}

test('a pasted prompt is all an agent needs to read and write', async () => {
  const { server, agent } = await agentAt()
  server.values.set('mine', { value: 'x', by: 'user', at: '2026-06-23T02:22:00.000000Z' })

  expect(await agent.getContext()).toMatchObject({ mode: 'form-fill', context: { mine: { by: 'user' } } })
  expect(await agent.action({ a: 1, mine: 2 })).toMatchObject({ applied: ['a'], rejected: ['mine'] })
})

test('values become set actions in their order', async () => {
  const { server, agent } = await agentAt()

  await agent.action({ b: 1, a: [null] }, { stream: false, intervalMs: 5 })

  expect(server.seen.at(-1)).toMatchObject({
    body: {
      actions: [
        { type: 'set', key: 'b', value: 1 },
        { type: 'set', key: 'a', value: [null] },
      ],
      stream: false,
      intervalMs: 5,
    },
    headers: { 'x-handshake-token': server.token, 'content-type': 'application/json; charset=utf-8' },
  })
})

test('a time in a query is percent-encoded, and no token is', async () => {
  const { server, agent } = await agentAt()

  await agent.getDiff()
  await agent.getDiff({ since: '2026-06-23T10:22:00+08:00', sinceSeq: 4 })

  expect(server.seen.map(({ path }) => path.split('/').at(-1))).toEqual([
    agent.sessionId,
    `${agent.sessionId}?since=2026-06-23T10%3A22%3A00%2B08%3A00&sinceSeq=4`,
  ])
})

test('more time is half an hour unless said otherwise', async () => {
  const { server, agent } = await agentAt()

  await agent.extend()
  await agent.extend({ extraSeconds: 60 })

  expect(server.seen.map(({ body }) => body)).toEqual([{ extraSeconds: 1800 }, { extraSeconds: 60 }])
})

test('after a claim the agent uses its own token', async () => {
  const { server, agent } = await agentAt()

  const { agentToken } = await agent.claim({ label: 'me' })

  expect(agent.token).toBe(agentToken)
  expect(await agent.getContext()).toHaveProperty('context')
  expect(server.seen[0]?.body).toEqual({ label: 'me' })
})

test('a refusal carries its status and body', async () => {
  const { server, agent } = await agentAt()
  agent.token = 'wrong'

  expect(await failureOf(agent.getContext())).toMatchObject({
    message: 'invalid token',
    status: 403,
    body: { error: 'invalid token' },
  })

  server.failures.push({
    status: 429,
    body: { error: 'rate limit exceeded' },
    headers: { 'Retry-After': '7' },
  })
  expect(await failureOf(agent.getContext())).toMatchObject({ status: 429, retryAfter: 7 })
})

test('an answer that is no JSON object is an error that keeps the status', async () => {
  const { server, agent } = await agentAt()
  server.failures.push({ status: 502, body: '<html>' }, { status: 200, body: [1] })

  expect(await failureOf(agent.getContext())).toMatchObject({
    message: 'HTTP 502',
    status: 502,
    body: undefined,
  })
  expect(await failureOf(agent.getContext())).toMatchObject({ status: 200, body: [1] })
})

test('a redirect is not followed, since it would carry the token elsewhere', async () => {
  const { server, agent } = await agentAt()
  const elsewhere = await fakeServer()
  server.failures.push({ status: 302, body: {}, headers: { Location: `${elsewhere.baseUrl}/x` } })

  expect(await failureOf(agent.getContext())).toMatchObject({ status: 302 })
  expect(elsewhere.seen).toEqual([])
})

test('a server that is not there is a connection error without a status', async () => {
  const { server, agent } = await agentAt()
  await server.close()

  const error = await failureOf(agent.getContext())

  expect(error.message).toMatch(/^connection error: .*ECONNREFUSED/)
  expect(error.status).toBeUndefined()
})

test('an answer that does not come is given up after the timeout', async () => {
  const timers = manualTimers()
  const { agent } = await agentAt({ timers, fetch: (_url, init) => waitForAbort(init?.signal) })

  const failed = failureOf(agent.getContext())
  timers.advance(14_999)
  expect(timers.pending).toBe(1)
  timers.advance(1)

  expect((await failed).message).toBe('connection error: no answer within 15000 ms')
})

function waitForAbort(signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
  })
}

test('slashes at the end of the base URL are dropped', () => {
  const agent = new HandshakeAgent({ sessionId: 's', token: 't', baseUrl: 'http://h/app///', prefix: '/p/' })
  expect([agent.baseUrl, agent.prefix]).toEqual(['http://h/app', '/p'])
})
