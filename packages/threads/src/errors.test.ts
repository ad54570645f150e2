import { expect, test } from 'vitest'
import { assistantNotMember, assistantNotRegistered, notAuthorized, threadsErrors } from './errors.js'

test.each([
  [threadsErrors.threadNotFound(), 404, 'thread not found'],
  [threadsErrors.runNotFound(), 404, 'run not found'],
  [threadsErrors.notAMember(), 403, 'not a member of this thread'],
  [notAuthorized('thread.read'), 403, 'not authorized: thread.read'],
  [assistantNotRegistered('bot'), 404, 'assistant not registered: bot'],
  [assistantNotMember('bot'), 403, 'assistant not a member of this thread: bot'],
])('the text of the contract: %s', (error, status, message) => {
  expect([error.status, error.message]).toEqual([status, message])
})
