import { SessionsClientError } from '@parley/sessions/client'
import { expect, it } from 'vitest'
import { unreachable } from '../../api/problem.js'
import { asProblem, told } from './problems.js'

it('a refusal reads as the server said it', async () => {
  const refused = new SessionsClientError('invalid_request', 'Failed to create session', {
    status: 400,
    detail: 'SessionHost failed to start: spawn nothing ENOENT',
  })

  await expect(told(Promise.reject(refused))).rejects.toMatchObject({
    name: 'Problem',
    status: 400,
    code: 'invalid_request',
    message: 'SessionHost failed to start: spawn nothing ENOENT',
  })
})

it('no answer is a server that is not there', () => {
  expect(asProblem(new SessionsClientError('network', 'x'))).toEqual(unreachable())
})

it('everything else stays as it is', async () => {
  const fault = new TypeError('x')

  expect(asProblem(fault)).toBe(fault)
  await expect(told(Promise.resolve(7))).resolves.toBe(7)
})
