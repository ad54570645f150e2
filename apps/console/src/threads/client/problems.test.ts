import { ThreadsClientError } from '@parley/threads/client'
import { expect, it } from 'vitest'
import { unreachable } from '../../api/problem.js'
import { told } from './problems.js'

it('a refusal reads like any other, as a sentence', async () => {
  const refused = new ThreadsClientError('forbidden', 'not a member', { status: 403 })

  await expect(told(Promise.reject(refused))).rejects.toMatchObject({
    name: 'Problem',
    status: 403,
    code: 'forbidden',
    message: 'Not a member.',
  })
})

it('no answer is a server that is not there', async () => {
  await expect(told(Promise.reject(new ThreadsClientError('network', 'x')))).rejects.toEqual(unreachable())
})

it('everything else stays as it is', async () => {
  const fault = new TypeError('x')

  await expect(told(Promise.reject(fault))).rejects.toBe(fault)
  await expect(told(Promise.resolve(7))).resolves.toBe(7)
})
