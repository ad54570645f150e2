import type { Log } from '@parley/kernel/log'
import { describe, expect, it } from 'vitest'
import { attached, key, quiet } from './deliveries.test.support.js'
import { open, sibling, stranger } from './three-instances.test.support.js'

describe('acknowledging', () => {
  // proves: relay.s9
  it('settles no entry of a sibling or of another tenant', async () => {
    const { node } = await open()
    const links = [await attached(node, sibling), await attached(node, stranger)]
    const [bufferId] = await node.receive(key, 'a')

    for (const link of links) await link.ack(bufferId!)

    expect(await node.pending(key)).toHaveLength(1)
    expect(node.deps.tally.read()['acks.unknown']).toBe(2)
  })

  it('is idempotent, and counts what is unknown', async () => {
    const { node } = await open()
    const link = await attached(node, key)
    const [first] = await node.receive(key, 'a', 'b')
    await link.got(2)

    await link.ack(first!)
    await link.ack(first!)
    await link.ack('buf_never')

    expect(await node.pending(key)).toHaveLength(1)
    expect(node.deps.tally.read()['acks.unknown']).toBe(2)
  })

  it('remembers when an instance did it first', async () => {
    const { node, clock } = await open()
    const link = await attached(node, key)
    const [first, second] = await node.receive(key, 'a', 'b')
    const at = clock.micros()
    await link.ack(first!)
    await clock.advance(1_000)
    await link.ack(second!)

    expect((await node.deps.store.instances.find(key))?.ackedAt).toBe(at)
  })

  it('is done again when the store fails meanwhile', async () => {
    let failures = 0
    const commit =
      (given: Log['commit']): Log['commit'] =>
      async (unit) => {
        if (failures > 0 && failures--) throw new Error('the store is away')
        return await given(unit)
      }
    const { node, clock } = await open({ commit })
    const link = await attached(node, key)
    const [bufferId] = await node.receive(key, 'a')
    await link.got(1)

    failures = 2
    const acked = link.ack(bufferId!)
    for (let round = 0; round < 3; round++) {
      await quiet(node)
      await clock.advance(1_000)
    }
    await acked

    expect(await node.pending(key)).toEqual([])
  })
})
