import { kernelErrors } from '@parley/kernel/errors'
import { describe, expect, test } from 'vitest'
import { assistantNotMember, notAuthorized, threadsErrors } from '../errors.js'
import { NamespaceViolation } from './namespace.js'
import { toConnectRefusal, toErrorAck, toErrorBody, toWireError } from './wire.js'

describe('a refusal on the wire', () => {
  test.each([
    [threadsErrors.unauthenticated(), 401, 'unauthenticated', 'unauthenticated'],
    [threadsErrors.notAMember(), 403, 'forbidden', 'not a member of this thread'],
    [notAuthorized('run.cancel'), 403, 'forbidden', 'not authorized: run.cancel'],
    [assistantNotMember('b'), 403, 'forbidden', 'assistant not a member of this thread: b'],
    [threadsErrors.foreignTenant(), 403, 'forbidden', 'tenant not visible to the caller'],
    [threadsErrors.namespaceForbidden(), 403, 'forbidden', 'namespace: not allowed'],
    [threadsErrors.threadNotFound(), 404, 'not_found', 'thread not found'],
    [threadsErrors.runNotFound(), 404, 'not_found', 'run not found'],
    [threadsErrors.methodNotAllowed(), 405, 'invalid_request', 'method not allowed'],
    [threadsErrors.invalidRequest({ message: 'limit is wrong' }), 400, 'invalid_request', 'limit is wrong'],
    [
      threadsErrors.recipientNotMember(),
      400,
      'recipient_not_member',
      'recipient not a member of this thread',
    ],
    [threadsErrors.conflict(), 409, 'conflict', 'conflict'],
    [threadsErrors.payloadTooLarge(), 413, 'payload_too_large', 'payload too large'],
    [threadsErrors.namespaceInvalid(), 403, 'namespace_invalid', 'namespace_invalid'],
    [threadsErrors.namespaceMismatch(), 403, 'namespace_mismatch', 'namespace_mismatch'],
    [new NamespaceViolation('org is missing'), 400, 'invalid_request', 'org is missing'],
    [kernelErrors.bodyTooLarge({ message: 'x' }), 413, 'payload_too_large', 'x'],
    [kernelErrors.unavailable({ message: 'x' }), 503, 'internal', 'x'],
  ])('%s is %i %s: %s', (error, status, code, message) => {
    expect(toWireError(error)).toEqual({ status, code, message })
  })

  test('says when to try again', () => {
    expect(toWireError(threadsErrors.rateLimited({ retryAfter: 3 }))).toEqual({
      status: 429,
      code: 'rate_limited',
      message: 'rate limit exceeded',
      retryAfter: 3,
    })
  })

  test.each([new Error('secret'), 'secret', undefined, threadsErrors.internal({ message: 'secret' })])(
    'a fault says nothing: %#',
    (error) => {
      expect(toWireError(error)).toEqual({ status: 500, code: 'internal', message: 'internal error' })
    },
  )
})

test('the body, the acknowledgement and the refused connection', () => {
  const error = { code: 'not_found', message: 'run not found' }

  expect(toErrorBody('not_found', 'run not found')).toEqual({ detail: 'run not found', error })
  expect(toErrorAck('not_found', 'run not found')).toEqual({ error })
  expect(toConnectRefusal('unauthenticated', 'unauthenticated').message).toBe('unauthenticated')
  expect(toConnectRefusal('namespace_invalid', 'ws is missing')).toEqual({
    message: 'namespace_invalid: ws is missing',
    data: { code: 'namespace_invalid', message: 'ws is missing' },
  })
})
