// Text that is written on one node and read on the other, over each kind of bus.
import { eventually, fakeClock, nodePairs } from '@parley/testkit'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { mount } from '../mounted.test.support.js'
import { openPlane } from '../plane.test.support.js'
import { assistant, text } from '../protocol/index.js'
import { script } from '../service/runs/streams/text.test.support.js'
import { readStreams } from './stream-reader.test.support.js'

const { pairs, close } = await nodePairs()
afterAll(close)

describe.each(pairs)('two nodes on one Postgres, over $bus,', ({ open }) => {
  /** The assistant runs on `a`; who reads is on `b`. */
  const openPair = async (options: Parameters<typeof open>[0] = {}) => {
    const { nodes, close: closeNodes } = await open(options)
    onTestFinished(closeNodes)
    const limits = { writesPer10Seconds: 100_000 }
    const [a, b] = await Promise.all(nodes.map((ground) => openPlane({ ground, limits })))
    const [atA, atB] = await Promise.all([mount(a!.threads), mount(b!.threads)])
    const one = script()
    a!.threads.assistant('writer', async function* (_ctx, send) {
      yield send.message(one.text)
    })
    const thread = await a!.room({ members: [assistant({ id: 'writer', name: 'writer' })] })
    const asked = { assistant_ids: ['writer'] }
    const invoke = () => a!.call('alice', 'POST', `/threads/${thread}/invocations`, asked)
    return { a: a!, b: b!, atA: atA!.connect, atB: atB!.connect, thread, invoke, ...one }
  }

  // proves: threads.t34
  test('read along, also who comes late, and end with what is stored', async () => {
    const { a, atA, atB, thread, invoke, write, end } = await openPair()
    const [near, far] = [await atA('alice'), await atB('alice')]
    for (const peer of [near, far]) await peer.join(thread)

    await invoke()
    write('Once upon ')
    await far.until('stream:delta')
    const late = await atB('alice')
    await late.join(thread)
    for (const word of ['a time ', 'there ', 'was ']) write(word)
    await eventually(() => [...readStreams(late.frames).values()][0]?.texts.at(-1)?.endsWith('was '))
    for (let n = 0; n < 200; n++) write(`${n} 😀 `)
    end()

    for (const peer of [near, far, late]) await peer.until('stream:end')
    const { items } = (await a.call('alice', 'GET', `/threads/${thread}/events?types=message`)).body
    for (const peer of [near, far, late]) {
      await eventually(() => peer.of('event').some(({ type }) => type === 'message'))
      const readings = readStreams(peer.frames)
      const { event, ends, texts } = readings.get(items[0].id)!
      expect([readings.size, event, ends]).toEqual([1, items[0], [null]])
      expect(items[0].content).toEqual([text(texts.at(-1)!)])
    }
  })

  // proves: threads.t34
  test('a room that opens in the middle asks the node that writes', async () => {
    const { atB, thread, invoke, write, a } = await openPair()
    await invoke()
    await a.until(thread, 'run.started')
    write('nobody has read this')

    const late = await atB('alice')
    await late.join(thread)

    await eventually(() => [...readStreams(late.frames).values()][0]?.texts.at(-1) === 'nobody has read this')
  })

  // proves: threads.t34
  test('a stream whose node died ends with the run', async () => {
    const clock = fakeClock()
    const { a, atB, thread, invoke, write } = await openPair({ clock })
    const far = await atB('alice')
    await far.join(thread)
    await invoke()
    write('half of')
    await far.until('stream:delta')

    await a.ground.close()
    await eventually(async () => {
      await clock.advance(1_000)
      return far.of('stream:end').length > 0
    })
    await eventually(() => far.names.includes('event run.failed'))

    expect(far.of('stream:end')[0].error).toMatchObject({ code: 'orphaned' })
    expect(far.names.indexOf('stream:end')).toBeLessThan(far.names.indexOf('event run.failed'))
  })
})
