import { openGround } from '@parley/kernel/ground'
import { testGrounds } from '@parley/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { formOf, openPlane } from './plane.test.support.js'

const lasting = (await testGrounds()).filter(({ name }) => name !== 'SQLite in memory')

describe.each(lasting)('a restart on $name', ({ open }) => {
  // proves: handshake.h37
  test('keeps sessions, values, changes, claims and the audit trail', async () => {
    const { ground, database, close } = await open()
    const bus = ground.db.engine === 'postgres' ? ('postgres' as const) : undefined
    const before = await openPlane({ ground })
    const page = await before.create({ ...formOf('a', 'b'), meta: { title: 'T' } })
    const revoked = await before.create()
    await before.set(page, { a: '1' }, { stream: false })
    await before.edit(page, 'b', 'mine')
    const claim = await before.call('POST', `/handshake/session/${page.id}/claim`, { token: page.token })
    const token = claim.body.agentToken
    await before.call('DELETE', `/handshake/session/${revoked.id}`, { token: revoked.token })
    const context = (await before.context(page, token)).body
    const diff = (await before.call('GET', page.diffUrl, { token })).body
    await before.handshake.stop()
    await ground.close()

    const again = await openGround({ database, bus })
    onTestFinished(async () => {
      await again.close()
      await close()
    })
    const after = await openPlane({ ground: again })

    const { expiresIn, ...rest } = (await after.context(page, token)).body
    expect({ ...rest, expiresIn: context.expiresIn }).toEqual(context)
    expect(expiresIn).toBeGreaterThan(1700)
    expect((await after.call('GET', page.diffUrl, { token })).body).toEqual(diff)
    expect((await after.context(page)).body).toEqual({ error: 'invalid token' })
    expect((await after.context(revoked)).status).toBe(404)
    const report = await after.set({ ...page, token }, { a: '2', b: 'stolen' }, { stream: false })
    expect(report.body).toMatchObject({ applied: ['a'], rejected: ['b'] })
    const audit = await after.call('GET', `/handshake/audit/${page.id}`, { key: page.key })
    const kinds = audit.body.records.map(({ kind }: { kind: string }) => kind)
    expect(kinds).toEqual(expect.arrayContaining(['session.created', 'claim.ok', 'context.read']))
  })
})

test('a plane with a directory of its own does the same', async () => {
  const { ground, database, close } = await lasting.find(({ engine }) => engine === 'sqlite')!.open()
  await ground.close()
  onTestFinished(close)
  const { createHandshake } = await import('./create.js')
  const first = createHandshake({ database })
  const created = await first.engine.createSession({ mode: 'form-fill', context: { a: 'x' } })
  await first.stop()

  const second = createHandshake({ database })
  onTestFinished(() => second.stop())

  const request = new Request('http://parley.test/', {
    headers: { 'x-handshake-token': String(created.payload.token) },
  })
  const { payload, status } = await second.engine.getContext(String(created.payload.sessionId), request)
  expect([status, payload.context]).toMatchObject([200, { a: { value: 'x', by: 'user' } }])
})
