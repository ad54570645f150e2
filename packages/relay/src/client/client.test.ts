import { expect, test } from 'vitest'
import { fakeServer } from './fake-server.test.support.js'
import { createRelayClient, RelayClientError } from './index.js'

const bot = { platform: 'telegram', botId: '7' }

test('a refusal has the code, message and request id of its problem body', async () => {
  const problem = { code: 'relay.bot_not_found', message: 'bot not found', retryable: false, requestId: 'r1' }
  const server = fakeServer(problem, { status: 404 })
  const failure = createRelayClient({ fetch: server.fetch }).testBot(bot)

  await expect(failure).rejects.toBeInstanceOf(RelayClientError)
  await expect(failure).rejects.toMatchObject({
    code: 'relay.bot_not_found',
    message: 'bot not found',
    status: 404,
    requestId: 'r1',
  })
})

test('a refusal of a proxy is understood by its status', async () => {
  const server = fakeServer('<html>', { status: 503, headers: { 'retry-after': '2' } })

  await expect(createRelayClient({ fetch: server.fetch }).counts()).rejects.toMatchObject({
    code: 'unavailable',
    message: 'HTTP 503',
    status: 503,
    requestId: undefined,
    retryAfterMs: 2_000,
  })
})

test('an answer of another shape is refused', async () => {
  for (const answer of [undefined, [], { items: [{}] }, { items: 'no' }]) {
    const { fetch } = fakeServer(answer)
    const failure = createRelayClient({ fetch }).listBots()
    await expect(failure).rejects.toMatchObject({ code: 'invalid_response' })
  }
})

test('what is more than is known is left out', async () => {
  const { fetch } = fakeServer({ ok: true, detail: '', later: 1 })

  expect(await createRelayClient({ fetch }).testBot(bot)).toEqual({ ok: true, detail: '' })
})

test('no answer is a network error that names the reason', async () => {
  const fetch = async () => {
    throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })
  }

  await expect(createRelayClient({ fetch }).counts()).rejects.toMatchObject({
    code: 'network',
    message: 'connect ECONNREFUSED',
    status: undefined,
  })
})

test('a token is asked for anew with every call, and a cookie is sent only without one', async () => {
  const server = fakeServer({})
  let asked = 0
  const client = createRelayClient({ token: async () => `t${++asked}`, fetch: server.fetch })
  await client.counts()
  await client.counts()
  await createRelayClient({ fetch: server.fetch }).counts()

  expect(server.bearers).toEqual(['Bearer t1', 'Bearer t2', undefined])
  expect(server.credentials).toEqual(['same-origin', 'same-origin', 'include'])
})

test.each(['', '.', '..', '\ud800'])('an id that no address can hold is refused: %j', async (id) => {
  const server = fakeServer({})

  await expect(createRelayClient({ fetch: server.fetch }).rotateGateway(id)).rejects.toMatchObject({
    code: 'invalid_request',
  })
  expect(server.asked).toEqual([])
})
