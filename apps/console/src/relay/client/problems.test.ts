import { RelayClientError } from '@parley/relay/client'
import { expect, it } from 'vitest'
import { unreachable } from '../../api/problem.js'
import { told } from './problems.js'

it('a refusal reads as the server said it', async () => {
  const refused = new RelayClientError('relay.bot_exists', 'this bot is there already', {
    status: 409,
    requestId: 'req_1',
  })

  await expect(told(Promise.reject(refused))).rejects.toMatchObject({
    name: 'Problem',
    status: 409,
    code: 'relay.bot_exists',
    message: 'this bot is there already',
    requestId: 'req_1',
  })
})

it('no answer is a server that is not there', async () => {
  await expect(told(Promise.reject(new RelayClientError('network', 'x')))).rejects.toEqual(unreachable())
})

it('everything else stays as it is', async () => {
  const fault = new TypeError('x')

  await expect(told(Promise.reject(fault))).rejects.toBe(fault)
  await expect(told(Promise.resolve(7))).resolves.toBe(7)
})
