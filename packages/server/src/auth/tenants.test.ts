import { expect, it } from 'vitest'
import { openServer } from '../server.test.support.js'

const create = async (tenant: unknown) => {
  const server = await openServer()
  // Not an object of this program: JSON may have a key named `__proto__`.
  const body = JSON.stringify({ name: 'k', scopes: ['threads:use'] }).replace('}', `,"tenant":${tenant}}`)
  const response = await fetch(`${server.url}/parley/v1/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.controlToken}`, 'content-type': 'application/json' },
    body,
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

it.each(['{"org":"A","ws":"X"}', '{}'])('a key has the tenant %s', async (tenant) => {
  const { status, body } = await create(tenant)
  expect([status, body.tenant]).toEqual([201, JSON.parse(tenant)])
})

it.each([
  '"A"',
  '[]',
  'null',
  '{"org":1}',
  '{"org":""}',
  '{"":"A"}',
  '{"org":"A\\u0000"}',
  '{"__proto__":"A"}',
  '{"org":"A","__proto__":"B"}',
  JSON.stringify(Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`k${n}`, 'v']))),
])('a key cannot have the tenant %s', async (tenant) => {
  const { status, body } = await create(tenant)
  expect([status, body.code]).toEqual([400, 'kernel.invalid_request'])
})
