import type { BotView } from '@parley/relay/protocol'
import { expect, it } from 'vitest'
import { newGatewayOf, usableBy } from './gateway-fields.js'

const empty = {
  tenant: ' acme ',
  gatewayId: '',
  instanceId: ' ',
  displayName: '',
  wakeUrl: '',
  bots: undefined,
}

it('what was left empty is decided by the server', () => {
  expect(newGatewayOf(empty)).toEqual({ tenant: 'acme' })
  expect(newGatewayOf({ ...empty, gatewayId: 'gw-1 ', wakeUrl: 'https://a.example', bots: [] })).toEqual({
    tenant: 'acme',
    gatewayId: 'gw-1',
    wakeUrl: 'https://a.example',
    bots: [],
  })
})

it('a tenant may use the bots of all and its own', () => {
  const bots = [
    { botId: '1', tenants: null },
    { botId: '2', tenants: ['acme'] },
    { botId: '3', tenants: ['globex'] },
    // The cast: no other member is looked at.
  ] as BotView[]

  expect(usableBy('acme ', bots).map(({ botId }) => botId)).toEqual(['1', '2'])
})
