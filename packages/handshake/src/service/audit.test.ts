import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { listen, Peer } from '../peer.test.support.js'
import { formOf, openPlane, type Page, type Plane, whileTimePasses } from '../plane.test.support.js'
import type { AuditRecord } from './audit.js'

const auditOf = async ({ call }: Plane, page: Page): Promise<AuditRecord[]> =>
  (await call('GET', `/handshake/audit/${page.id}`, { key: page.key })).body.records

/** Goes through every step of a handshake once; answers all credentials that were in play. */
async function everyStep(plane: Plane): Promise<{ page: Page; secrets: string[] }> {
  const url = await listen(plane.handshake)
  const page = await plane.create(formOf('a', 'b'))
  const session = `/handshake/session/${page.id}`
  await plane.context(page)
  await plane.set(page, { a: '1' }, { stream: false })
  await plane.edit(page, 'b', 'mine')
  await plane.act(page, [{ type: 'set', key: 'b', value: 'x' }, { type: 'nope' }], { stream: false })
  await plane.call('GET', page.diffUrl, { token: page.token })
  await plane.call('POST', `${session}/extend`, { token: page.token, body: { extraSeconds: 60 } })
  await plane.context(page, 'wrong-token-wrong-token-wrong-to')
  const browser = await Peer.open(`${url}${page.wsUrl}?token=${page.token}`)
  browser.send({ type: 'userEdit', key: 'b', value: 'mine 2' })
  await plane.clock.advance(1)
  const { body } = await plane.call('POST', `${session}/claim`, { token: page.token, body: { label: 'L' } })
  await plane.call('POST', `${session}/claim`, { token: page.token })
  await browser.until('claimed')
  await plane.call('GET', `/handshake/prompt/${page.id}`, { key: page.key, token: page.token })
  return { page, secrets: [page.token, page.key, body.agentToken, 'wrong-token'] }
}

const steps = [
  'session.created',
  'context.read',
  'action.applied',
  'edit.recorded',
  'action.refused',
  'action.refused',
  'diff.read',
  'session.extended',
  'request.refused',
  'claim.ok',
  'claim.refused',
]

describe('the audit trail', () => {
  // proves: handshake.h33
  test('has one record for each step, for the holder of the browser key only', async () => {
    const plane = await openPlane()
    const { page } = await everyStep(plane)

    const records = await auditOf(plane, page)

    expect(
      records
        .map(({ kind }) => kind)
        .filter((kind) => kind !== 'edit.recorded')
        .sort(),
    ).toEqual(steps.filter((kind) => kind !== 'edit.recorded').sort())
    expect(records.filter(({ kind }) => kind === 'edit.recorded').length).toBeGreaterThanOrEqual(1)
    const actors = new Map(records.map(({ kind, actor }) => [kind, actor.kind]))
    expect(Object.fromEntries(actors)).toMatchObject({
      'session.created': 'browser',
      'context.read': 'agent',
      'action.applied': 'agent',
      'edit.recorded': 'browser',
    })
    expect(records.every(({ sessionId, at, remote }) => sessionId === page.id && at && remote)).toBe(true)
    for (const credentials of [{}, { token: page.token }, { key: 'wrong' }])
      expect((await plane.call('GET', `/handshake/audit/${page.id}`, credentials)).status).toBe(403)
  })

  // proves: handshake.h33
  test('and every other thing that is kept is free of credentials and values of the trail', async () => {
    const plane = await openPlane()
    const { page, secrets } = await everyStep(plane)
    const records = JSON.stringify(await auditOf(plane, page))

    const kept = await everythingStored(plane)

    expect(kept).toContain(page.id)
    expect(kept).toContain('mine')
    for (const secret of secrets) {
      expect(kept).not.toContain(secret)
      expect(records).not.toContain(secret)
    }
    expect(records).not.toContain('mine')
    expect(records).not.toContain('192.0.2.1')
    expect(kept).not.toContain('192.0.2.1')
  })

  test('reaches sinks as it is made, one that fails harming nobody', async () => {
    const plane = await openPlane()
    const seen: AuditRecord[] = []
    plane.handshake.onAudit(() => Promise.reject(new Error('sink')))
    plane.handshake.onAudit((record) => seen.push(record))

    const { page } = await everyStep(plane)
    const records = await auditOf(plane, page)

    const byKind = (all: AuditRecord[]) => all.map(({ kind }) => kind).sort()
    expect(byKind(seen)).toEqual(byKind(records))
    expect(plane.faults.splice(0).length).toBe(seen.length)
  })

  test('tells of the end by expiry, too', async () => {
    const plane = await openPlane({ ttlSeconds: 10, sweepSeconds: 100_000 })
    const kinds: string[] = []
    plane.handshake.onAudit(({ kind }) => kinds.push(kind))
    await plane.create()
    await plane.clock.advance(11_000)

    await (await plane.handshake.service()).sweep()

    expect(kinds).toEqual(['session.created', 'session.expired'])
  })

  test('does not grow without end for those who are refused', async () => {
    const plane = await openPlane()
    const page = await plane.create()

    for (let n = 0; n < 200; n++) await plane.context(page, 'wrong')

    const refused = (await auditOf(plane, page)).filter(({ kind }) => kind === 'request.refused')
    expect(refused).toHaveLength(60)
  })

  test('is in the order of time', async () => {
    const plane = await openPlane()
    const page = await plane.create(formOf('a', 'b'))
    await plane.clock.advance(5)
    await plane.context(page)
    await plane.clock.advance(5)
    await whileTimePasses(plane.clock, plane.set(page, { a: '1', b: '2' }))
    await plane.context(page)

    const records = await auditOf(plane, page)

    expect(records.map(({ kind }) => kind)).toEqual([
      'session.created',
      'context.read',
      'action.applied',
      'action.applied',
      'context.read',
    ])
  })
})

/** The text of every cell of every table. */
async function everythingStored({ ground }: Plane): Promise<string> {
  const { db } = ground
  const tables = await db.read<{ name: string }>(
    sql<{ name: string }>`select name from sqlite_master where type = 'table'`.compile(db.tables<unknown>()),
  )
  const rows = await Promise.all(
    tables.map(({ name }) => db.read(sql`select * from ${sql.table(name)}`.compile(db.tables<unknown>()))),
  )
  return JSON.stringify(rows)
}
