import { expect, it } from 'vitest'
import { openServer, signIn } from '../server.test.support.js'

it('a browser that follows an owner link is signed in, once, and out again', async () => {
  const server = await openServer()
  const link = await server.createOwnerLink()
  const { answer, cookie } = await signIn(server, link)
  const me = () => server.call('/parley/v1/me', { key: null, headers: { cookie } })

  expect(answer.headers.get('set-cookie')).toMatch(
    /^parley_session=[\w-]{40,}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/,
  )
  expect((await me()).body).toMatchObject({ principal: { kind: 'user', id: 'owner', scopes: ['*'] } })

  const again = await signIn(server, link)
  expect([again.answer.status, again.answer.body.code]).toEqual([403, 'server.link_used'])

  const out = await server.call('/parley/v1/sign-out', { method: 'POST', key: null, headers: { cookie } })
  expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')])
  expect((await me()).status).toBe(401)
})

it('the cookie is marked as secure where the server is reached by https', async () => {
  const publicUrl = 'https://parley.example'
  const server = await openServer({ publicUrl })

  const { answer } = await signIn(server, await server.createOwnerLink(), { origin: publicUrl })
  const onThisMachine = await signIn(server, await server.createOwnerLink())

  expect(answer.headers.get('set-cookie')).toMatch(/; Secure$/)
  expect(onThisMachine.answer.headers.get('set-cookie')).not.toMatch(/Secure/)
})

it('a cookie alone never writes: the browser must say that one of our own pages asks', async () => {
  const server = await openServer()
  const { cookie } = await signIn(server, await server.createOwnerLink())
  const create = (headers: Record<string, string>) =>
    server.call('/parley/v1/keys', { key: null, headers: { cookie, ...headers }, body: { name: 'k' } })

  expect((await create({})).status).toBe(401)
  expect((await create({ origin: 'https://evil.example' })).status).toBe(401)
  expect((await create({ origin: 'null' })).status).toBe(401)
  expect((await create({ origin: server.url })).status).toBe(201)
})

it('a page of somebody else can neither sign a browser in nor out', async () => {
  const server = await openServer()
  const headers = { origin: 'https://evil.example' }

  for (const path of ['/parley/v1/sign-in', '/parley/v1/sign-out']) {
    const answer = await server.call(path, { key: null, headers, body: { code: 'x' } })
    expect([answer.status, answer.body.code]).toEqual([403, 'kernel.origin_not_allowed'])
  }
})

it('guessing links is slowed down', async () => {
  const server = await openServer()
  const guess = () => server.call('/parley/v1/sign-in', { key: null, body: { code: 'guess' } })

  for (let n = 0; n < 20; n++) expect((await guess()).status).toBe(403)

  const slowed = await guess()
  expect([slowed.status, slowed.body.code]).toEqual([429, 'kernel.rate_limited'])
  expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0)
})
