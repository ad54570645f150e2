import { describe, expect, it } from 'vitest'
import { openServer, rawRequest, upgradeHeaders } from './server.test.support.js'

describe('the door of sessions', () => {
  it('has the routes below /api, and nothing that only looks like it', async () => {
    const { url } = await openServer()
    const at = async (path: string) => await rawRequest(url, path)

    expect(JSON.parse((await at('/api/health')).text)).toEqual({ status: 'ok', sessions: 0 })
    expect((await at('/api/agents')).status).toBe(401)
    expect(await at('/api/nothing')).toMatchObject({ status: 404, text: '404 Not Found' })
    // Those are the console's, or nobody's.
    for (const path of ['/apix', '/ap%69/agents', '/API/agents'])
      expect((await at(path)).text, path).not.toContain('404 Not Found')
  })

  it('takes upgrades on its paths only, asks who comes, and refuses all others', async () => {
    const server = await openServer()
    const upgrade = (path: string, headers: Record<string, string> = {}) =>
      rawRequest(server.url, path, { headers: { ...upgradeHeaders, ...headers } })
    const bearer = { authorization: `Bearer ${server.controlToken}` }

    for (const path of ['/', '/ws', '/ws/']) {
      expect(await upgrade(path), path).toMatchObject({ status: 401, isUpgraded: false })
      expect(await upgrade(path, bearer), path).toMatchObject({ isUpgraded: true })
    }
    for (const path of [
      '/api',
      '/api/agents',
      '/wsx',
      '/ws/other',
      '/ws/sessions',
      '/acp/threads',
      '/nothing',
    ])
      expect(await upgrade(path, bearer), path).toMatchObject({ status: 400, isUpgraded: false })
  })

  it('refuses host names that are not the server’s', async () => {
    const { url, controlToken } = await openServer({ allowedHosts: ['parley.example'] })
    const authorization = `Bearer ${controlToken}`
    const at = async (host: string, headers: Record<string, string> = {}) =>
      (await rawRequest(url, '/api/health', { headers: { host, authorization, ...headers } })).status
    const upgrade = async (host: string) =>
      (await rawRequest(url, '/ws', { headers: { ...upgradeHeaders, host, authorization } })).isUpgraded

    expect([await at('parley.example'), await at('rebound.example')]).toEqual([200, 403])
    expect([await upgrade('parley.example'), await upgrade('rebound.example')]).toEqual([true, false])
  })

  it('is counted by its routes, and by no id', async () => {
    const server = await openServer()
    const id = '6f1f3d0e-3f77-4b6a-9d59-0d8b1f6f1f11'
    await server.call('/api/agents')
    await server.call(`/api/agents/${id}`)

    const { text } = await server.call('/metrics')

    expect(text).toContain('status="2xx"')
    expect(text).not.toContain(id)
  })
})

it('the API page has its routes', async () => {
  const server = await openServer()
  const { paths } = (await server.call('/openapi.json')).body as {
    paths: Record<string, Record<string, { tags: string[] }>>
  }

  expect(paths['/api/agents']).toMatchObject({ get: { tags: ['sessions'] }, post: { tags: ['sessions'] } })
  expect(paths['/api/agents/{id}/prompts']).toHaveProperty('post')
  expect(paths['/api/runtimes']).toHaveProperty('get')
  expect((await server.call('/docs/api')).status).toBe(200)
})
