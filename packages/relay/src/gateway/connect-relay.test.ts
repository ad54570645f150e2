import { describe, expect, onTestFinished, test } from 'vitest'
import { connectRelay } from './connect-relay.js'
import { fakeFetch, json } from './http-edge.test.support.js'
import { gatewayId, secret, stubConnector } from './stub-connector.test.support.js'

const settings = { gatewayId, identities: [{ platform: 'telegram', botId: '7' }], routeKeys: [] }
const enrolled = { secret, deliveryKey: '', tenant: 'org-17', gatewayId }

async function connecting(...[given, options]: Parameters<typeof connectRelay>) {
  const transport = await connectRelay(given, options)
  onTestFinished(() => transport.disconnect({ graceMs: 0 }))
  return transport.connect()
}

describe('connecting with settings', () => {
  test('asks nobody for a secret that is there', async () => {
    const connector = await stubConnector()
    const { asked, fetch } = fakeFetch(() => json(enrolled))

    expect(await connecting({ ...settings, url: connector.url, secret }, { fetch })).toBe(true)

    expect(asked).toEqual([])
    expect(connector.dials).toMatchObject([{ isGood: true }])
    expect(connector.of('hello')).toMatchObject([{ platform: 'telegram', botId: '7' }])
  })

  test('enrols with a token, and dials with the secret it got', async () => {
    const connector = await stubConnector()
    const { asked, fetch } = fakeFetch(() => json(enrolled))

    const given = { ...settings, url: connector.url, enrollmentToken: 'et' }
    expect(await connecting(given, { fetch, identityToken: 'idp' })).toBe(true)

    expect(asked.map(({ url }) => new URL(url).pathname)).toEqual(['/relay/enroll'])
    expect(connector.dials).toMatchObject([{ isGood: true }])
  })

  test('provisions with client credentials otherwise', async () => {
    const connector = await stubConnector()
    const { asked, fetch } = fakeFetch(({ url }) =>
      url.includes('idp') ? json({ access_token: 'idp' }) : json(enrolled),
    )

    const clientCredentials = { tokenUrl: 'https://idp.example/token', clientId: 'me', clientSecret: 'word' }
    expect(await connecting({ ...settings, url: connector.url, clientCredentials }, { fetch })).toBe(true)

    expect(asked.map(({ url }) => new URL(url).pathname)).toEqual(['/token', '/relay/provision'])
  })

  test('says what is missing', async () => {
    const given = { ...settings, url: 'https://c.example' }
    const { fetch } = fakeFetch(() => json({ error: 'forbidden' }, 403))

    await expect(connectRelay(given)).rejects.toThrow('a relay secret')
    await expect(connectRelay(given, { fetch, identityToken: 'idp' })).rejects.toMatchObject({ status: 403 })
    await expect(connectRelay({ ...given, identities: [] }, { fetch, identityToken: 'idp' })).rejects.toThrow(
      'no platform',
    )
  })
})
