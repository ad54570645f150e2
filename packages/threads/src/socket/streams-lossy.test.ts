// Random streams, readers who come and go, and words that get lost; what must always hold is checked at the end.
import { type Ground, openGround } from '@parley/kernel/ground'
import { eventually, fakeClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { mount } from '../mounted.test.support.js'
import { openPlane } from '../plane.test.support.js'
import { assistant } from '../protocol/index.js'
import { type Script, script } from '../service/runs/streams/text.test.support.js'
import type { Peer, Wire } from './door.test.support.js'
import { readStreams } from './stream-reader.test.support.js'

type Pick = (below: number) => number

/** A source of chance that is the same in every run (a linear congruential generator). */
function chance(seed: number): Pick {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** A ground that loses one in three words about streams: what is written, that it began, and who asks. */
function losing(ground: Ground, pick: Pick): Ground {
  const signal: Ground['log']['signal'] = (stream, payload) => {
    if (payload.includes('"stream.') && pick(3) === 0) return
    ground.log.signal(stream, payload)
  }
  return { ...ground, log: { ...ground.log, signal } }
}

const chunks = ['a', ' ', 'longer words ', '😀', '\ud83d', '\ude00', 'ü\n', '\u0000"\\', 'x'.repeat(20_000)]

const streamsOfOne = 3

async function openWorld(seed: number) {
  const pick = chance(seed)
  const clock = fakeClock()
  const ground = await openGround({ clock })
  onTestFinished(() => ground.close())
  const limits = { writesPer10Seconds: 100_000 }
  const plane = await openPlane({ ground: losing(ground, pick), limits, runTimeoutSeconds: 100_000 })
  const scripts: Record<string, Script[]> = {}
  for (const id of ['one', 'two']) {
    const own = Array.from({ length: streamsOfOne }, () => script())
    scripts[id] = own
    plane.threads.assistant(id, async function* (_ctx, send) {
      for (const [n, { text }] of own.entries()) yield n % 2 ? send.reasoning(text) : send.message(text)
    })
  }
  const members = Object.keys(scripts).map((id) => assistant({ id, name: id }))
  const thread = await plane.room({ members })
  const { connect } = await mount(plane.threads)
  await plane.call('alice', 'POST', `/threads/${thread}/invocations`, { assistant_ids: ['one', 'two'] })
  return {
    ...plane,
    clock,
    pick,
    connect,
    thread,
    scripts: Object.values(scripts).map((own) => [...own]),
    peers: new Set<Peer>(),
  }
}

type World = Awaited<ReturnType<typeof openWorld>>

const writeSome = ({ scripts, pick }: World) => {
  const [current] = scripts[pick(scripts.length)]!
  current?.write(chunks[pick(chunks.length)])
}

const steps: ((world: World) => Promise<void> | void)[] = [
  writeSome,
  writeSome,
  writeSome,
  async ({ clock, pick }) => clock.advance(pick(60)),
  async ({ clock, pick }) => clock.advance(pick(600)),
  ({ scripts, pick }) => scripts[pick(scripts.length)]!.shift()?.end(),
  async ({ connect, thread, peers, pick }) => {
    const peer = await connect('alice', { transport: pick(4) === 0 ? 'polling' : 'websocket' })
    peers.add(peer)
    await peer.join(thread)
  },
  async ({ thread, peers, pick }) => {
    const peer = [...peers][pick(peers.size)]
    if (peer && pick(2) === 0) await peer.join(thread)
    else if (peer) {
      await peer.ask('thread:leave', { thread_id: thread })
      peers.delete(peer)
      checkPeer(peer)
    }
  },
]

/** At every moment a reader had the beginning of what was stored. */
function checkPeer(peer: Peer, events: readonly Wire[] = []): void {
  const stored = new Map(events.map((event) => [event.id, textOf(event)]))
  for (const [id, { texts, ends, event }] of readStreams(peer.frames)) {
    const whole = event ? textOf(event) : (stored.get(id) ?? texts.at(-1)!)
    for (const text of texts) expect(whole.startsWith(text)).toBe(true)
    if (event) expect([texts.at(-1), ends]).toEqual([whole, [null]])
  }
}

const textOf = ({ content }: Wire): string => (typeof content === 'string' ? content : content[0].text)

// proves: threads.t34
test.each([1, 2, 3, 4, 5, 6])(
  'whatever is lost, readers have the beginning of the text at every moment, and all of it at the end (%i)',
  async (seed) => {
    const world = await openWorld(seed)
    const { clock, pick, scripts, peers, connect, thread, call, faults } = world
    const last = await connect('alice')
    await last.join(thread)
    // From here on the room reads along, however slow this machine is.
    await eventually(async () => {
      await clock.advance(250)
      return last.names.includes('stream:start')
    })

    for (let n = 0; n < 120; n++) await steps[pick(steps.length)]!(world)
    for (const one of scripts.flat()) one.end()
    peers.add(last)
    const isOver = (peer: Peer) => peer.names.filter((name) => name === 'event run.completed').length === 2
    await eventually(async () => {
      await clock.advance(30)
      return isOver(last)
    })

    const { items } = (await call('alice', 'GET', `/threads/${thread}/events?types=message,reasoning`)).body
    expect(items).toHaveLength(2 * streamsOfOne)
    for (const peer of peers) {
      // The room has pushed everything: this answer comes after it.
      await peer.ask('thread:leave', { thread_id: thread })
      checkPeer(peer, items)
    }
    const readings = [...peers].flatMap((peer) => [...readStreams(peer.frames).values()])
    expect(readings.flatMap(({ texts }) => texts.slice(1)).length).toBeGreaterThan(2)
    expect(faults).toEqual([])
  },
)
