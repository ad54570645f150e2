import { hostname } from 'node:os'
import { describe, expect, test } from 'vitest'
import { gatewayFromEnv } from './environment.js'

const env = (names: Record<string, string>) =>
  Object.fromEntries(Object.entries(names).map(([name, value]) => [`GATEWAY_RELAY_${name}`, value]))
const read = (names: Record<string, string>) => gatewayFromEnv(env({ URL: 'https://c.example', ...names }))

describe('the environment of a gateway', () => {
  test('without an address says nothing', () => {
    expect(gatewayFromEnv({})).toBeUndefined()
    expect(gatewayFromEnv(env({ URL: '  ', ID: 'gw-1' }))).toBeUndefined()
  })

  test('with an address only', () => {
    expect(read({})).toEqual({
      url: 'https://c.example',
      gatewayId: `gw-${hostname()}`,
      identities: [],
      routeKeys: [],
    })
  })

  test('with everything', () => {
    const all = read({
      ID: 'gw-1',
      SECRET: 'ab',
      DELIVERY_KEY: 'cd',
      PLATFORMS: ' telegram, discord ,',
      BOT_IDS: '{"discord":{"botId":"1180"},"telegram":{"botId":"7","username":"ops_bot"}}',
      ROUTE_KEYS: 'G1,G2',
      INSTANCE_ID: 'inst-7',
      WAKE_URL: 'https://me.example/wake',
      DISPLAY_NAME: 'Ops helper',
      ENDPOINT: 'https://me.example',
      ENROLL_TOKEN: 'et_9f',
      IDP_TOKEN_URL: 'https://idp.example/token',
      IDP_CLIENT_ID: 'me',
      IDP_CLIENT_SECRET: 'word',
      IDP_SCOPE: 'relay',
    })

    expect(all).toEqual({
      url: 'https://c.example',
      gatewayId: 'gw-1',
      secret: 'ab',
      deliveryKey: 'cd',
      identities: [
        { platform: 'telegram', botId: '7' },
        { platform: 'discord', botId: '1180' },
      ],
      routeKeys: ['G1', 'G2'],
      instanceId: 'inst-7',
      wakeUrl: 'https://me.example/wake',
      displayName: 'Ops helper',
      gatewayEndpoint: 'https://me.example',
      enrollmentToken: 'et_9f',
      clientCredentials: {
        tokenUrl: 'https://idp.example/token',
        clientId: 'me',
        clientSecret: 'word',
        scope: 'relay',
      },
    })
  })

  test('of the first era names one bot', () => {
    expect(read({ PLATFORM: 'discord', BOT_ID: '1180' })?.identities).toEqual([
      { platform: 'discord', botId: '1180' },
    ])
  })

  test('may name bots without platforms', () => {
    expect(read({ BOT_IDS: '{"telegram":{"botId":"7"}}' })?.identities).toEqual([
      { platform: 'telegram', botId: '7' },
    ])
  })

  test.each(['nonsense word', '[]', '{"discord":{}}', '{"discord":5}'])(
    'with bots that can not be read is an error that does not show them: %s',
    (BOT_IDS) => {
      expect(() => read({ BOT_IDS })).toThrow(/^GATEWAY_RELAY_BOT_IDS/)
      expect(() => read({ BOT_IDS })).not.toThrow(/nonsense/)
    },
  )

  test('leaves out half of the credentials of a client', () => {
    expect(read({ IDP_TOKEN_URL: 'https://idp.example', IDP_CLIENT_ID: 'me' })).not.toHaveProperty(
      'clientCredentials',
    )
  })
})
