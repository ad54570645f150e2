import { expect, it } from 'vitest'
import type { PermissionRow } from '../port.js'
import { type Bench, odd, permissionOf, start } from './fixtures.js'

const ids = (rows: readonly PermissionRow[]) => rows.map(({ requestId }) => requestId)

/** Cases of permission requests. */
export function permissionCases(bench: Bench): void {
  const put = (...rows: PermissionRow[]) =>
    bench.commit(...rows.map((row) => bench.store.permissions.insert(row)))

  it('answers a request exactly as it was inserted, of its session only', async () => {
    const row = permissionOf('s1', odd, { state: 'deciding' })
    await put(row, permissionOf('s2', 'r'))

    expect(await bench.store.permissions.find('s1', odd)).toEqual(row)
    expect(await bench.store.permissions.find('s1', 'r')).toBeUndefined()
  })

  it('refuses a request that the session has asked already', async () => {
    await put(permissionOf('s1', 'r'))

    expect(await bench.outcome(bench.store.permissions.insert(permissionOf('s1', 'r')))).toBe('refused')
    expect(await bench.outcome(bench.store.permissions.insert(permissionOf('s2', 'r')))).toBe('committed')
  })

  it('moves on once, from a state that was named', async () => {
    const { permissions } = bench.store
    await put(permissionOf('s1', 'r'), permissionOf('s2', 'r'))
    const key = { sessionId: 's1', requestId: 'r' }
    const settle = () => permissions.change(key, 'settled', ['open', 'deciding'])

    expect(await bench.outcome(permissions.change(key, 'settled', ['deciding']))).toBe('refused')
    expect(await bench.winners([settle(), settle(), settle()])).toBe(1)
    expect(await permissions.find('s1', 'r')).toMatchObject({ state: 'settled' })
    expect(await permissions.find('s2', 'r')).toMatchObject({ state: 'open' })
  })

  it('lists all of a session, the open ones of several, and those being decided; the oldest first', async () => {
    const { permissions } = bench.store
    await put(
      permissionOf('s1', 'late', { askedAt: start + 1 }),
      permissionOf('s2', 'first', { askedAt: start - 1 }),
      permissionOf('s1', 'mid'),
      permissionOf('s1', 'done', { state: 'settled', askedAt: start + 2 }),
      permissionOf('s1', 'held', { state: 'deciding', askedAt: start + 3 }),
      permissionOf('s3', 'too', { state: 'deciding', askedAt: start - 3 }),
    )

    expect(ids(await permissions.list('s1'))).toEqual(['mid', 'late', 'done', 'held'])
    expect(ids(await permissions.listOpen(['s1', 's2', 's3']))).toEqual(['first', 'mid', 'late'])
    expect(ids(await permissions.listOpen(['s1']))).toEqual(['mid', 'late'])
    expect(await permissions.listOpen([])).toEqual([])
    expect(ids(await permissions.listDeciding())).toEqual(['too', 'held'])
  })
}
