import { beforeAll, expect, it } from 'vitest'
import { openServer, type TestServer } from '../server.test.support.js'

type Operation = {
  responses: Record<string, { description: string }>
  parameters?: { in: string; name: string; required?: boolean; schema?: object }[]
  requestBody?: { content: Record<string, { schema: object }> }
}
type Document = {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, Operation>>
}

let document: Document
let operations: [string, Operation][]

beforeAll(async () => {
  // Its own server: `onTestFinished` is not there in hooks.
  const { startServer } = await import('../compose.js')
  const { loadConfig } = await import('../config/load.js')
  const server = await startServer({
    config: loadConfig({}, { port: 0, databaseUrl: ':memory:', logLevel: 'silent' }),
  })
  document = (await (await fetch(`${server.url}/openapi.json`)).json()) as Document
  await server.stop()
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method} ${path}`,
      operation,
    ]),
  )
})

it('is an OpenAPI 3.1 document', () => {
  expect(document.openapi).toMatch(/^3\.1\.\d$/)
  expect(document.info.title).toBe('Parley')
  for (const [name, { responses }] of operations) {
    expect(Object.keys(responses).length, name).toBeGreaterThan(0)
    for (const [status, { description }] of Object.entries(responses)) {
      expect(status, name).toMatch(/^([1-5]\d\d|[1-5]XX|default)$/)
      expect(description, name).toBeTypeOf('string')
    }
  }
})

it('names the parameters of each path, and every reference has a target', () => {
  for (const [name, { parameters = [] }] of operations) {
    const named = [...name.matchAll(/\{(\w+)\}/g)].map(([, key]) => key)
    const declared = parameters.filter((parameter) => parameter.in === 'path')
    expect(declared.map((parameter) => parameter.name).sort(), name).toEqual(named.sort())
    expect(
      declared.every(({ required, schema }) => required === true && schema !== undefined),
      name,
    ).toBe(true)
  }
  for (const [, target] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const found = target!
      .split('/')
      .reduce<unknown>((part, key) => (part as Record<string, unknown>)?.[key], document)
    expect(found, target).toBeDefined()
  }
})

it('lists every route of the server, and routes of the planes', () => {
  expect(operations.map(([name]) => name)).toEqual(
    expect.arrayContaining([
      'get /healthz',
      'get /readyz',
      'get /metrics',
      'get /openapi.json',
      'get /docs/api',
      'get /parley/v1/me',
      'post /parley/v1/sign-in',
      'post /parley/v1/sign-out',
      'post /parley/v1/owner-links',
      'get /parley/v1/keys',
      'post /parley/v1/keys',
      'delete /parley/v1/keys/{id}',
      'get /parley/v1/handshakes',
      'get /parley/v1/handshakes/live',
      'get /parley/v1/handshakes/{id}',
      'get /parley/v1/handshakes/{id}/events',
      'get /parley/v1/handshakes/{id}/audit',
      'post /parley/v1/handshakes/{id}/extend',
      'delete /parley/v1/handshakes/{id}',
      'post /parley/v1/threads/tokens',
      'delete /parley/v1/threads/tokens',
      'get /parley/v1/threads',
      'get /parley/v1/threads/tenants',
      'get /parley/v1/threads/{id}',
      'post /parley/v1/threads/{id}/members',
      'get /acp/threads',
    ]),
  )
  expect(operations.filter(([name]) => name.includes('/handshake/')).length).toBeGreaterThan(5)
})

it('lists nothing that is not there', async () => {
  const server: TestServer = await openServer()

  for (const [name] of operations) {
    const [method, path] = name.split(' ') as [string, string]
    // Streams do not end by themselves.
    if (/\/(?:live|stream)$/.test(path) || path.startsWith('/handshake')) continue
    const answer = await server.call(path.replace(/\{\w+\}/, 'none'), { method: method.toUpperCase() })
    expect([404, 405].includes(answer.status) && `${answer.body.code}`.startsWith('kernel.'), name).toBe(
      false,
    )
  }
})
