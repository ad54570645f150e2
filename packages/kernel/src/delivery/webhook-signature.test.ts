import { fakeIds } from '@parley/testkit'
import { Webhook } from 'standardwebhooks'
import { expect, it } from 'vitest'
import { systemIds } from '../ids/index.js'
import { newWebhookSecret, signWebhook, verifyWebhook } from './webhook-signature.js'

const [first, second] = [newWebhookSecret(systemIds), newWebhookSecret(systemIds)]
const signed = { id: 'dlv_1', timestamp: 1_767_225_600, body: '{"text":"Grüße"}' }
const now = signed.timestamp * 1000

it('matches the example of the specification', () => {
  const headers = signWebhook({
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: 1_614_265_330,
    body: '{"test": 2432232314}',
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  })

  expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

it('is verified by the library of the receivers', () => {
  const timestamp = Math.floor(Date.now() / 1000)
  const headers = signWebhook({ ...signed, timestamp, secret: [first, second] })

  for (const secret of [first, second])
    expect(new Webhook(secret).verify(signed.body, headers)).toEqual({ text: 'Grüße' })
})

it('makes secrets of 256 bits', () => {
  expect(Buffer.from(first.slice('whsec_'.length), 'base64')).toHaveLength(32)
  expect(first).toMatch(/^whsec_/)
  expect(first).not.toBe(second)
  expect(newWebhookSecret(fakeIds())).toMatch(/^whsec_/)
})

it('verifies either secret during a rotation', () => {
  const headers = { ...signWebhook({ ...signed, secret: [first, second] }) }

  for (const secret of [first, second, [newWebhookSecret(systemIds), second]])
    expect(verifyWebhook({ headers, body: signed.body, secret, now })).toBe(true)
})

const headers = signWebhook({ ...signed, secret: first })
const refused: Record<string, Partial<Parameters<typeof verifyWebhook>[0]>> = {
  'another secret': { secret: second },
  'another body': { body: '{"text":"Grüsse"}' },
  'another id': { headers: { ...headers, 'webhook-id': 'dlv_2' } },
  'another time': { headers: { ...headers, 'webhook-timestamp': '1767225601' } },
  'a time that is none': { headers: { ...headers, 'webhook-timestamp': '1767225600.0' } },
  'no signature': { headers: { ...headers, 'webhook-signature': undefined } },
  'another version': {
    headers: { ...headers, 'webhook-signature': headers['webhook-signature'].replace('v1', 'v2') },
  },
  'a time long ago': { now: now + 300_001 },
  'a time to come': { now: now - 300_001 },
}

it.each(Object.keys(refused))('refuses %s', (name) => {
  const genuine = { headers: { ...headers }, body: signed.body, secret: first, now }

  expect(verifyWebhook(genuine)).toBe(true)
  expect(verifyWebhook({ ...genuine, ...refused[name] })).toBe(false)
})
