import { fakeClock, fakeIds } from '@parley/testkit'
import { expect, it } from 'vitest'
import { deliveryErrors } from './errors.js'
import type { Delivery } from './port.js'
import type { GuardedAnswer, GuardedRequest } from './safe-fetch.js'
import { type SendWebhookOptions, sendWebhook, toRetryAfterMs } from './webhook-send.js'
import { newWebhookSecret, verifyWebhook } from './webhook-signature.js'

const delivery: Delivery = {
  id: 'dlv_1',
  position: 1,
  queue: 'webhook',
  lane: 'end_1',
  dedupe: 'evt_1',
  target: {},
  state: 'sending',
  attempts: 1,
  failures: 0,
  createdAt: 0,
  expiresAt: 1,
  payload: '{"n":1.0}',
}
const secret = newWebhookSecret(fakeIds())
const { signal } = new AbortController()

function senderTo(answer: () => Promise<GuardedAnswer>, more: Partial<SendWebhookOptions> = {}) {
  const requests: (GuardedRequest & { url: string })[] = []
  const clock = fakeClock()
  const guard = {
    fetch: async (url: string, request: GuardedRequest = {}) => {
      requests.push({ url, ...request })
      return await answer()
    },
    assertAllowed: async () => {},
    close: async () => {},
  }
  const endpoint = async () => ({
    url: 'https://hooks.example/in',
    secret,
    headers: { 'X-Team': 'a', 'Webhook-Id': 'forged', Host: 'other.example' },
  })
  return { clock, requests, send: sendWebhook({ guard, clock, endpoint, ...more }) }
}

const answers =
  (status: number, headers: GuardedAnswer['headers'] = {}) =>
  async () => ({
    status,
    headers,
    body: new Uint8Array(),
    isTruncated: false,
    url: 'https://hooks.example/',
  })

it('posts the exact payload with a signature that the receiver can verify', async () => {
  const { send, requests, clock } = senderTo(answers(204))

  expect(await send(delivery, { signal })).toEqual({ outcome: 'sent', status: 204 })

  const { url, method, body, headers = {} } = requests[0]!
  expect([url, method, body, headers['webhook-id'], headers['x-team']]).toEqual([
    'https://hooks.example/in',
    'POST',
    '{"n":1.0}',
    'dlv_1',
    'a',
  ])
  expect(Object.keys(headers).filter((name) => /host|Webhook/.test(name))).toEqual([])
  expect(verifyWebhook({ headers, body: delivery.payload, secret, now: clock.now() })).toBe(true)
})

it.each([
  [200, 'sent'],
  [299, 'sent'],
  [400, 'dead'],
  [404, 'dead'],
  [410, 'dead'],
  [304, 'dead'],
  [408, 'retry'],
  [429, 'retry'],
  [500, 'retry'],
  [503, 'retry'],
])('an answer %i is %s', async (status, outcome) => {
  expect(await senderTo(answers(status)).send(delivery, { signal })).toMatchObject({ outcome, status })
})

it('waits as long as the receiver asks for', async () => {
  const { send } = senderTo(answers(429, { 'retry-after': '120' }))

  expect(await send(delivery, { signal })).toMatchObject({ retryAfterMs: 120_000 })
})

it.each([
  ['120', 120_000],
  ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
  ['Thu, 01 Jan 2015 00:01:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('reads Retry-After %j as %j', (header, ms) => {
  expect(toRetryAfterMs(header, Date.UTC(2026, 0, 1))).toBe(ms)
})

it('tells when the receiver is gone', async () => {
  const gone: string[] = []
  const onGone = async ({ lane }: Delivery) => void gone.push(lane)

  await senderTo(answers(410), { onGone }).send(delivery, { signal })
  await senderTo(answers(404), { onGone }).send(delivery, { signal })

  expect(gone).toEqual(['end_1'])
})

it('tries again after a network error or redirect, and never where it may not send', async () => {
  const outcomes = []
  for (const error of [
    deliveryErrors.unreachable({ details: { reason: 'ECONNRESET' } }),
    deliveryErrors.timedOut(),
    deliveryErrors.redirected({ details: { status: 302 } }),
    deliveryErrors.addressNotAllowed(),
  ])
    outcomes.push(await senderTo(() => Promise.reject(error)).send(delivery, { signal }))

  expect(outcomes).toMatchObject([
    { outcome: 'retry', error: 'The address did not answer properly. (ECONNRESET)' },
    { outcome: 'retry' },
    { outcome: 'retry', status: 302 },
    { outcome: 'dead', error: 'This server does not send to that address.' },
  ])
})

it('gives a delivery up whose endpoint was removed', async () => {
  const { send, requests } = senderTo(answers(200), { endpoint: async () => undefined })

  expect(await send(delivery, { signal })).toMatchObject({ outcome: 'dead' })
  expect(requests).toEqual([])
})
