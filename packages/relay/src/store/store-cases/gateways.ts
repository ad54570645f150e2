import { expect, it } from 'vitest'
import { type Bench, foreign, gatewayOf, odd, ours, sibling, start } from './fixtures.js'

/** Cases of credentials and of tokens that enrol them. */
export function gatewayCases(bench: Bench): void {
  it('gives a name once, also when it was revoked', async () => {
    const { gateways } = bench.store
    expect(await bench.winners([ours, foreign].map((key) => gateways.insert(gatewayOf(odd, key))))).toBe(1)
    await bench.commit(gateways.change(odd, { revokedAt: start }))

    expect(await bench.outcome(gateways.insert(gatewayOf(odd)))).toBe('refused')
    expect(await gateways.find(odd)).toMatchObject({ gatewayId: odd, revokedAt: start })
    expect(await gateways.find('x')).toBeUndefined()
  })

  it('forgets a revoked name after its time, and no other', async () => {
    const { gateways } = bench.store
    await bench.commit(gateways.insert(gatewayOf('gone')), gateways.insert(gatewayOf('here')))
    await bench.commit(gateways.change('gone', { revokedAt: start }))

    await bench.commit(gateways.purgeRevoked(start))
    expect(await gateways.find('gone')).toBeDefined()
    await bench.commit(gateways.purgeRevoked(start + 1))

    expect(await gateways.find('gone')).toBeUndefined()
    expect(await gateways.find('here')).toBeDefined()
  })

  it('changes a credential only as it is known', async () => {
    const { gateways } = bench.store
    const row = gatewayOf('g1')
    await bench.commit(gateways.insert(row))
    const rotated = [
      { sealed: 'new', createdAt: start + 1, validUntil: null },
      { ...row.secrets[0]!, validUntil: start + 2 },
    ]
    const rotate = () => gateways.change('g1', { secrets: rotated }, { primary: 'sealed g1' })

    expect(await bench.winners([rotate(), rotate(), rotate()])).toBe(1)
    expect(await gateways.find('g1')).toEqual({ ...row, secrets: rotated })
    await bench.commit(gateways.change('g1', { instanceId: odd, createdAt: start + 3 }, { primary: 'new' }))
    expect(await gateways.find('g1')).toEqual({
      ...row,
      secrets: rotated,
      instanceId: odd,
      createdAt: start + 3,
    })
    expect(await bench.outcome(gateways.change('g1', {}, { primary: 'sealed g1' }))).toBe('refused')
    expect(await bench.outcome(gateways.change('g2', {}))).toBe('refused')
  })

  it('remembers who was seen, lists by id, and counts those that are not revoked', async () => {
    const { gateways } = bench.store
    await bench.commit(
      gateways.insert(gatewayOf('g2')),
      gateways.insert(gatewayOf('g1', sibling)),
      gateways.insert(gatewayOf('g3', foreign)),
      gateways.insert(gatewayOf(odd, { revokedAt: start })),
    )
    await bench.commit(gateways.seen([odd, 'g2', 'nobody'], start + 5), gateways.seen([], start + 6))

    const list = async (query: Parameters<typeof gateways.list>[0]) =>
      (await gateways.list(query)).map(({ gatewayId }) => gatewayId)
    expect(await list({})).toEqual(['g1', 'g2', 'g3', odd])
    expect(await list({ tenant: ours.tenant })).toEqual(['g1', 'g2', odd])
    expect(await list(ours)).toEqual(['g2', odd])
    expect(await gateways.count(ours.tenant)).toBe(2)
    expect(await gateways.count('x')).toBe(0)
    expect(await gateways.find(odd)).toMatchObject({ lastSeenAt: start + 5 })
    expect(await gateways.find('g1')).toMatchObject({ lastSeenAt: null })
  })

  it('uses a token once, in time', async () => {
    const { gateways } = bench.store
    const row = {
      hash: 'h1',
      tenant: odd,
      createdAt: start,
      expiresAt: start + 10,
      usedAt: null,
      gatewayId: null,
    }
    await bench.commit(gateways.insertEnrolment(row), gateways.insertEnrolment({ ...row, hash: 'h2' }))
    expect(await gateways.findEnrolment('h1')).toEqual(row)
    expect(await bench.outcome(gateways.insertEnrolment(row))).toBe('refused')

    const use = (gatewayId: string) => gateways.useEnrolment('h1', { at: start + 9, gatewayId })
    expect(await bench.winners([use(odd), use(odd), use(odd)])).toBe(1)
    expect(await gateways.findEnrolment('h1')).toEqual({ ...row, usedAt: start + 9, gatewayId: odd })
    const late = { at: start + 10, gatewayId: 'g' }
    expect(await bench.outcome(gateways.useEnrolment('h2', late))).toBe('refused')
    expect(await bench.outcome(gateways.useEnrolment('h3', { ...late, at: start }))).toBe('refused')

    await bench.commit(gateways.purgeEnrolments(start + 10))
    expect(await gateways.findEnrolment('h1')).toBeDefined()
    await bench.commit(gateways.purgeEnrolments(start + 11))
    expect(await gateways.findEnrolment('h1')).toBeUndefined()
  })
}
