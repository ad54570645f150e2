import { expect, test } from 'vitest'
import { rpcErrorText } from './rpc-error-text.js'

test.each([
  [{ message: 'no model' }, 'no model'],
  [{ message: 'Internal error', data: { details: '400 too long\n' } }, 'Internal error: 400 too long'],
  [{ message: 'Internal error', data: 'disk full' }, 'Internal error: disk full'],
  [{ message: 'Internal error: disk full', data: { details: 'disk full' } }, 'Internal error: disk full'],
  [{ message: 'Internal error', data: { details: ' ' } }, 'Internal error'],
  [{ message: 'Invalid params', data: { errors: [] } }, 'Invalid params'],
  [{ message: 'x', data: 'y'.repeat(3_000) }, `x: ${'y'.repeat(2_000)}`],
  [{ message: 7, data: null }, '7'],
])('%j', (error, text) => {
  expect(rpcErrorText(error)).toBe(text)
})
