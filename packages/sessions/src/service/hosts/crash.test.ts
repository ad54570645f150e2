import { openGround } from '@parley/kernel/ground'
import { eventually, testGrounds } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { linkedHost } from './fake-host.test.support.js'
import { addSession, chunk, eventsOf, startNode, textsOf } from './hosts.test.support.js'

const grounds = (await testGrounds()).filter(({ name }) => name !== 'SQLite in memory')

describe.each(grounds)('on $name', ({ engine, open }) => {
  // proves: sessions.s78
  it('a server that dies between commit and ack stores nothing twice', async () => {
    const opened = await open()
    onTestFinished(() => opened.close())
    let isDying = false
    let die = () => {}
    const dead = new Promise<never>((_, reject) => (die = () => reject(new Error('dead'))))
    dead.catch(() => {})
    const first = await startNode(opened.ground, {
      // The unit is durable, and this server does not get to know.
      commit: (commit) => async (unit) => {
        const result = await commit(unit)
        return isDying && unit.appends.length > 0 ? dead : result
      },
    })
    await first.hosts.links.register({ hostId: 'h1', name: 'one', token: 'token' })
    const { id } = await addSession(first)
    const host = await linkedHost({ url: first.url, sessions: [id] })
    host.event(id, chunk(1))
    await host.acked()
    isDying = true
    host.event(id, chunk(2))
    host.event(id, chunk(3))
    await eventually(async () => textsOf(await eventsOf(first, id)).length >= 2)
    host.cut()
    await opened.ground.close()
    die()

    const bus = engine === 'postgres' ? 'postgres' : 'memory'
    const ground = await openGround({ database: opened.database, bus })
    onTestFinished(() => ground.close())
    const second = await startNode(ground)
    const resumed = await linkedHost({ url: second.url, sessions: [id], n: 3 })
    const { acked } = await resumed.welcomed()
    expect(acked.n).toBeGreaterThanOrEqual(2)
    // A host that knows of one acknowledgement only.
    for (const n of [2, 3]) resumed.eventAs(n, id, chunk(n))
    await eventually(async () => ((await second.store.hosts.find('h1'))?.acked?.n ?? 0) >= 3)

    expect(textsOf(await eventsOf(second, id))).toEqual(['1', '2', '3'])
  })
})
