import { expect, it } from 'vitest'
import { type Bench, callOf, hostOf, instanceOf, odd, start } from './fixtures.js'

/** Cases of instances, hosts, what must reach hosts, and settings. */
export function hostCases(bench: Bench): void {
  it('saves instances by name, keeps when they came, lists the oldest first', async () => {
    const { instances } = bench.store
    await bench.commit(
      instances.save(instanceOf('b', { createdAt: start + 1 })),
      instances.save(instanceOf(odd)),
      instances.save(instanceOf('a', { createdAt: start + 1, status: 'paused' })),
    )
    const again = instanceOf(odd, { status: 'stopped', createdAt: start + 9 })
    await bench.commit(instances.save(again))

    expect(await instances.find(odd)).toEqual({ ...again, createdAt: start })
    expect((await instances.list()).map(({ name }) => name)).toEqual([odd, 'a', 'b'])
    await bench.commit(instances.remove(odd))
    expect(await instances.find(odd)).toBeUndefined()
    expect((await instances.list()).length).toBe(2)
  })

  it('finds a host by id and by token, and saving it again keeps its position', async () => {
    const { hosts } = bench.store
    const row = hostOf('h1', { acked: { epoch: 'e', n: 7 }, lostAt: start })
    await bench.commit(hosts.save(row), hosts.save(hostOf('h2', { createdAt: start - 1 })))
    expect(await hosts.find('h1')).toEqual(row)
    expect(await hosts.findByToken('hash of h2')).toMatchObject({ id: 'h2', acked: null })

    await bench.commit(hosts.save(hostOf('h1', { name: 'New', tokenHash: 'other', createdAt: start + 1 })))

    expect(await hosts.find('h1')).toEqual({ ...row, name: 'New', tokenHash: 'other' })
    expect(await hosts.findByToken('hash of h1')).toBeUndefined()
    expect((await hosts.list()).map(({ id }) => id)).toEqual(['h2', 'h1'])
    await bench.commit(hosts.setLost('h1', null), hosts.remove('h2'))
    expect(await hosts.list()).toMatchObject([{ id: 'h1', lostAt: null }])
  })

  it('moves a position on only from where it stands', async () => {
    const { hosts } = bench.store
    await bench.commit(hosts.save(hostOf('h1')), hosts.save(hostOf('h2')))
    const at = (n: number, epoch = 'e') => ({ epoch, n })

    expect(await bench.winners([1, 2, 3].map((n) => hosts.advance('h1', null, at(n))))).toBe(1)
    await bench.commit(hosts.advance('h1', (await hosts.find('h1'))!.acked, at(10)))
    expect(await bench.outcome(hosts.advance('h1', at(9), at(11)))).toBe('refused')
    expect(await bench.outcome(hosts.advance('h1', at(10, 'x'), at(11)))).toBe('refused')
    expect(await bench.outcome(hosts.advance('h1', null, at(11)))).toBe('refused')
    expect(await bench.outcome(hosts.advance('h9', null, at(11)))).toBe('refused')
    expect(await bench.outcome(hosts.advance('h1', at(10), at(1, 'next')))).toBe('committed')
    expect(await hosts.find('h1')).toMatchObject({ acked: at(1, 'next') })
    expect(await hosts.find('h2')).toMatchObject({ acked: null })
  })

  it('keeps what must reach a host, by rank and then by age', async () => {
    const { calls } = bench.store
    const first = callOf('k1', { rank: 0, createdAt: start + 5, path: `/${odd}` })
    const bare = callOf('k4', { body: undefined, createdAt: start + 1 })
    await bench.commit(
      ...[bare, callOf('k3'), first, callOf('k2'), callOf('other', { hostId: 'h2' })].map((call) =>
        calls.insert(call),
      ),
    )

    expect(await calls.list('h1')).toEqual([first, callOf('k2'), callOf('k3'), bare])
    expect(await bench.outcome(calls.insert(callOf('k1')))).toBe('refused')
    await bench.commit(calls.remove('k1'), calls.remove('k9'))
    expect((await calls.list('h1')).map(({ key }) => key)).toEqual(['k2', 'k3', 'k4'])
  })

  it('has settings from the beginning', async () => {
    const { settings } = bench.store
    expect(await settings.read()).toEqual({ autoApprove: false })

    await bench.commit(settings.write({ autoApprove: true }))
    expect(await bench.again.settings.read()).toEqual({ autoApprove: true })
  })
}
