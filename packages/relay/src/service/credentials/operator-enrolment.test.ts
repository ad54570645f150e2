import { testGrounds } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { openRoom, operator, tenant } from './credentials.test.support.js'

const [inMemory] = await testGrounds()
const open = () => openRoom(inMemory!)

describe('an operator', () => {
  it('enrols without a token, and names what was not named', async () => {
    const { enrolment, outcomeOf } = await open()
    const bots = [{ platform: 'sim', botId: 'b1' }]

    const { secret, gatewayId, instanceId, ...rest } = await enrolment.enrollGateway(operator, {
      tenant,
      bots,
    })

    expect(gatewayId).toMatch(/^gw-[0-9a-f]{16}$/)
    expect(instanceId).toBe(gatewayId)
    expect(rest).toMatchObject({ tenant, bots })
    expect(await outcomeOf(secret, gatewayId)).toBe('accepted')
  })

  it('rotates what is there, and nothing else', async () => {
    const { enrolment, enrol, lifecycle } = await open()
    await enrol({ gatewayId: 'gw-1' })
    await lifecycle.revoke(operator, 'gw-1')

    for (const name of ['gw-1', 'gw-2'])
      await expect(enrolment.rotateGateway(operator, name)).rejects.toMatchObject({
        code: 'relay.gateway_not_found',
      })
  })
})
