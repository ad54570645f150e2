import { expect, test } from 'vitest'
import { signWebhookPayload, verifyWebhookSignature } from './verify.js'

const signature = 'sha256=add853b103fbcc936a194f9eb15e29c4ff08af6e47d5d1bca4f20218e31e4fff'

test('the contract’s vector is signed and verified', () => {
  expect(signWebhookPayload('k', '{}')).toBe(signature)
  expect(verifyWebhookSignature('k', '{}', signature)).toBe(true)
})

test('bodies and secrets are UTF-8', () => {
  expect(verifyWebhookSignature('schlüssel', '{"a":"é"}', signWebhookPayload('schlüssel', '{"a":"é"}'))).toBe(
    true,
  )
})

test.each([
  ['another secret', 'q', '{}', signature],
  ['another body', 'k', '{} ', signature],
  ['no signature', 'k', '{}', ''],
  ['no prefix', 'k', '{}', signature.slice(7)],
  ['a longer one', 'k', '{}', `${signature}0`],
  ['upper case', 'k', '{}', signature.toUpperCase()],
  ['another last digit', 'k', '{}', `${signature.slice(0, -1)}e`],
  ['characters that are more bytes', 'k', '{}', `${signature.slice(0, -1)}é`],
])('%s is refused', (_what, secret, body, given) => {
  expect(verifyWebhookSignature(secret, body, given)).toBe(false)
})
