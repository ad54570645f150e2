import { eventually, type FakeClock, fakeClock } from '@parley/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import type { StoredEvent } from '../../log/index.js'
import type { AcceptorOptions } from '../acceptor.js'
import type { Connection } from '../connection.js'
import { type Fixture, socketFixture } from '../socket-fixture.test.support.js'
import { type FakeLog, fakeLog } from './fake-log.test.support.js'
import { createFeed, type Feed, type FeedOptions, type JoinOptions } from './feed.js'

const fixtures: Fixture[] = []
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture.stop()
})

type Audience = 'all' | 'odd'
type Start = { feed?: Partial<FeedOptions<Audience>>; acceptor?: Partial<AcceptorOptions> }
type Watcher = { client: WebSocket; connection: Connection; texts: string[] }
type Stage = {
  log: FakeLog
  feed: Feed<Audience>
  clock: FakeClock
  faults: unknown[]
  fixture: Fixture
  /** How often an event was encoded. */
  encoded: Map<string, number>
  watch(options?: Partial<JoinOptions<Audience>>, stream?: string): Promise<Watcher & { stop(): void }>
}

/** What the audience sees of an event. */
const seqText = ({ stream, seq }: StoredEvent) => `${stream} ${seq}`
const range = (from: number, to: number, stream = 'room') =>
  Array.from({ length: to - from + 1 }, (_, index) => `${stream} ${from + index}`)

async function start({ feed: feedOptions, acceptor }: Start = {}): Promise<Stage> {
  const clock = fakeClock()
  const log = fakeLog()
  const fixture = await socketFixture({ clock, ...acceptor })
  fixtures.push(fixture)
  const encoded = new Map<string, number>()
  const faults: unknown[] = []
  const feed = createFeed<Audience>({
    log,
    outlet: fixture.acceptor.outlet,
    encode: (event, audience) => {
      const key = `${audience} ${event.seq}`
      encoded.set(key, (encoded.get(key) ?? 0) + 1)
      return audience === 'odd' && event.seq % 2 === 0 ? undefined : seqText(event)
    },
    encodeSignal: (payload, audience) => (audience === 'odd' ? undefined : `signal ${payload}`),
    onFault: (error) => void faults.push(error),
    ...feedOptions,
  })
  const watch: Stage['watch'] = async (options = {}, stream = 'room') => {
    const { client, connection } = await fixture.dial()
    const texts: string[] = []
    client.on('message', (data) => void texts.push(String(data)))
    const caughtUp = (seq: number) => connection.send(`caught up ${seq}`)
    const stop = feed.join(stream, connection, { audience: 'all', caughtUp, ...options })
    return { client, connection, texts, stop }
  }
  return { log, feed, clock, faults, fixture, encoded, watch }
}

const live = (watcher: Watcher) =>
  eventually(() => watcher.texts.some((text) => text.startsWith('caught up')))

describe('joining a stream', () => {
  it('gives history after the cursor, the mark, then what is live', async () => {
    const { log, watch } = await start({ feed: { limits: { pageSize: 3 } } })
    log.append('room', 10)

    const watcher = await watch({ after: 2 })
    await live(watcher)
    log.append('room', 2)

    await eventually(() => watcher.texts.length === 11)
    expect(watcher.texts).toEqual([...range(3, 10), 'caught up 10', ...range(11, 12)])
  })

  it('in the middle of writes sees no gap and no repeat', async () => {
    const { log, watch } = await start({ feed: { limits: { pageSize: 7, recentEvents: 5 } } })
    log.append('room', 50)
    let isWriting = true
    const writing = (async () => {
      while (isWriting) {
        log.append('room', 3)
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()

    const watchers = []
    for (let n = 0; n < 20; n++) watchers.push(await watch({ after: n }))
    // The writer is about as fast as a reader of small pages, so some catch up only once it stops.
    await eventually(() => log.reads > 200)
    isWriting = false
    await writing
    const head = (await log.read('room', { after: 0 })).head

    for (const [after, watcher] of watchers.entries()) {
      await eventually(() => watcher.texts.length === head - after + 1)
      const events = watcher.texts.filter((text) => !text.startsWith('caught up'))
      expect(events).toEqual(range(after + 1, head))
    }
  })

  it('takes an event that is stored while the page is on its way', async () => {
    const { log, watch } = await start()
    log.append('room', 2)
    log.hold(true)
    const watcher = await watch()

    log.append('room', 1)
    log.hold(false)
    await live(watcher)

    expect(watcher.texts).toEqual([...range(1, 3), 'caught up 3'])
  })

  it('with a cursor from the future gives what comes next', async () => {
    const { log, watch } = await start()
    log.append('room', 3)

    const watcher = await watch({ after: 99 })
    await live(watcher)
    log.append('room', 1)

    await eventually(() => watcher.texts.length === 2)
    expect(watcher.texts).toEqual(['caught up 3', 'room 4'])
  })

  it('says what was trimmed and goes on from there', async () => {
    const { log, watch } = await start()
    log.append('room', 9)
    log.trim('room', 7)
    const gone: number[] = []

    const watcher = await watch({ after: 2, historyGone: (first) => gone.push(first) })
    await live(watcher)

    expect(gone).toEqual([7])
    expect(watcher.texts).toEqual([...range(7, 9), 'caught up 9'])
  })

  it('tells everybody when the stream is dropped, after the last frames', async () => {
    const { log, watch, feed } = await start()
    const gone: string[] = []
    const first = await watch({ gone: () => gone.push('first') })
    await live(first)

    log.append('room', 2)
    log.drop('room')

    await eventually(() => first.texts.length === 3)
    expect(first.texts).toEqual(['caught up 0', ...range(1, 2)])
    expect(gone).toEqual(['first'])
    expect(feed.count('room')).toBe(0)
    expect(log.taps).toBe(0)
  })

  it('ends with the connection, and the last one to leave ends the tap', async () => {
    const { log, watch, feed } = await start()
    const first = await watch()
    const second = await watch()
    await live(second)
    expect(log.taps).toBe(1)

    first.client.close()
    await eventually(() => feed.count('room') === 1)
    log.append('room', 1)
    second.stop()
    second.stop()
    log.append('room', 1)

    expect(feed.count('room')).toBe(0)
    expect(log.taps).toBe(0)
    await eventually(() => second.texts.length === 2)
    expect(second.texts).toEqual(['caught up 0', 'room 1'])
  })

  it('may be stopped by its own callback', async () => {
    const { log, watch, feed } = await start()
    const watcher = await watch({ caughtUp: () => setImmediate(() => {}) })
    await eventually(() => feed.count('room') === 1)
    const { connection } = watcher
    const stop: { run?: () => void } = {}
    stop.run = feed.join('other', connection, { audience: 'all', caughtUp: () => stop.run?.() })

    await eventually(() => feed.count('other') === 0)
    log.append('other', 1)
    log.append('room', 1)

    await eventually(() => watcher.texts.length === 1)
    expect(watcher.texts).toEqual(['room 1'])
  })

  it('is told where it left, live or catching up, and may go on from there', async () => {
    const { log, watch, feed } = await start({ feed: { limits: { pageSize: 3 } } })
    log.append('room', 10)
    const left: number[] = []
    const watcher = await watch({ left: (seq) => left.push(seq) })
    await live(watcher)
    log.append('room', 2)

    watcher.stop()
    log.append('room', 2)
    feed.join('room', watcher.connection, { audience: 'all', after: left[0], left: (seq) => left.push(seq) })

    await eventually(() => watcher.texts.length === 15)
    expect(watcher.texts).toEqual([...range(1, 10), 'caught up 10', ...range(11, 14)])
    watcher.client.close()
    await eventually(() => left.length === 2)
    expect(left).toEqual([12, 14])
  })

  it('follows several streams on one connection', async () => {
    const { log, watch, feed } = await start()
    const watcher = await watch()
    feed.join('hall', watcher.connection, { audience: 'all' })
    await live(watcher)
    await eventually(() => log.reads >= 2)

    log.append('room', 2)
    log.append('hall', 2)

    await eventually(() => watcher.texts.length === 5)
    expect(watcher.texts.slice(1).sort()).toEqual([...range(1, 2, 'hall'), ...range(1, 2)])
  })
})

describe('live frames', () => {
  it('reach a thousand sockets as the same bytes in the same order, encoded once', async () => {
    const { log, fixture, feed, encoded } = await start()
    const received: Buffer[][] = []
    for (let n = 0; n < 1_000; n++) {
      const { client, connection } = await fixture.dial()
      const chunks: Buffer[] = []
      received.push(chunks)
      // The cast: the client is ours; frames are compared as they arrive, headers included.
      const { _socket: socket } = client as unknown as { _socket: NodeJS.ReadableStream }
      socket.on('data', (chunk: Buffer) => chunks.push(chunk))
      feed.join('room', connection, { audience: 'all' })
    }
    await eventually(() => log.reads > 0)
    await new Promise((resolve) => setImmediate(resolve))

    for (let turn = 0; turn < 10; turn++) {
      log.append('room', 20)
      await new Promise((resolve) => setImmediate(resolve))
    }

    const expected = Buffer.concat(
      range(1, 200).map((text) => Buffer.from([0x81, text.length, ...Buffer.from(text)])),
    )
    await eventually(() => received.every((chunks) => Buffer.concat(chunks).length === expected.length))
    for (const chunks of received) expect(Buffer.concat(chunks).equals(expected)).toBe(true)
    expect([...encoded.values()].every((times) => times === 1)).toBe(true)
    expect(feed.deliveries('room', 200)).toBe(1_000)
  })

  it('of an audience leave out what is not for it', async () => {
    const { log, watch, feed, encoded } = await start()
    const all = await watch()
    const odd = await watch({ audience: 'odd' })
    const alsoOdd = await watch({ audience: 'odd' })
    for (const watcher of [all, odd, alsoOdd]) await live(watcher)

    log.append('room', 5)

    await eventually(() => [all, odd, alsoOdd].every(({ texts }) => texts.includes('room 5')))
    expect(odd.texts).toEqual(['caught up 0', 'room 1', 'room 3', 'room 5'])
    expect(alsoOdd.texts).toEqual(odd.texts)
    expect(all.texts).toEqual(['caught up 0', ...range(1, 5)])
    expect(encoded.get('odd 5')).toBe(1)
    expect([feed.deliveries('room', 4), feed.deliveries('room', 5)]).toEqual([1, 3])
    expect([feed.deliveries('room', 6), feed.deliveries('elsewhere', 1)]).toEqual([0, 0])
  })

  it('keep their place among messages that are sent directly', async () => {
    const { log, watch } = await start()
    const watcher = await watch()
    await live(watcher)

    watcher.connection.send('before')
    log.append('room', 2)
    watcher.connection.send('between')
    log.append('room', 1)
    watcher.connection.send('after')

    await eventually(() => watcher.texts.length === 7)
    expect(watcher.texts.slice(1)).toEqual(['before', 'room 1', 'room 2', 'between', 'room 3', 'after'])
  })

  it('leave before the connection is closed', async () => {
    const { log, watch } = await start()
    const watcher = await watch()
    await live(watcher)

    log.append('room', 2)
    watcher.connection.close(1000)

    await eventually(() => watcher.client.readyState === watcher.client.CLOSED)
    expect(watcher.texts.slice(1)).toEqual(range(1, 2))
  })

  it('carry signals in their place, to live sockets only', async () => {
    const { log, watch } = await start()
    const watcher = await watch()
    const odd = await watch({ audience: 'odd' })
    await live(watcher)
    await live(odd)

    log.signal('room', 'a')
    log.append('room', 1)
    log.signal('room', 'b')

    await eventually(() => watcher.texts.length === 4 && odd.texts.length === 2)
    expect(watcher.texts.slice(1)).toEqual(['signal a', 'room 1', 'signal b'])
    expect(odd.texts.slice(1)).toEqual(['room 1'])
  })
})

describe('a feed that was not told of an event', () => {
  it('reads the gap when it hears of a later one', async () => {
    const { log, watch } = await start()
    const watcher = await watch()
    await live(watcher)

    log.append('room', 3, { hint: false })
    log.append('room', 1)
    log.append('room', 1)

    await eventually(() => watcher.texts.length === 6)
    expect(watcher.texts.slice(1)).toEqual(range(1, 5))
  })

  it('learns of it from a socket that joins', async () => {
    const { log, watch } = await start()
    const watcher = await watch()
    await live(watcher)
    log.append('room', 3, { hint: false })

    const late = await watch({ after: 1 })

    await eventually(() => watcher.texts.length === 4)
    expect(watcher.texts.slice(1)).toEqual(range(1, 3))
    log.append('room', 1)
    await eventually(() => late.texts.length === 4)
    expect(late.texts).toEqual([...range(2, 3), 'caught up 3', 'room 4'])
  })

  it('says so when the gap was trimmed', async () => {
    const { log, watch } = await start()
    const gone: number[] = []
    const watcher = await watch({ historyGone: (first) => gone.push(first) })
    await live(watcher)

    log.append('room', 5, { hint: false })
    log.trim('room', 4)
    log.append('room', 1)

    await eventually(() => watcher.texts.length === 4)
    expect(watcher.texts.slice(1)).toEqual(range(4, 6))
    expect(gone).toEqual([4])
  })
})

describe('a socket that is slow', () => {
  const slow = { bytes: 256 * 1024, limitMs: 30_000, code: 4408, reason: 'too slow' }
  const pad = 'y'.repeat(20_000)
  const bigText = (event: StoredEvent) => `${event.seq} ${pad}`

  it('is fed from the log until it has caught up, does not delay others, and misses nothing', async () => {
    const { log, watch } = await start({ feed: { encode: bigText }, acceptor: { slow } })
    const quick = await watch()
    const lazy = await watch()
    await live(quick)
    await live(lazy)
    lazy.client.pause()

    let most = 0
    for (let n = 0; n < 1_500; n++) {
      log.append('room', 1)
      await new Promise((resolve) => setImmediate(resolve))
      most = Math.max(most, lazy.connection.bufferedBytes)
    }
    await eventually(() => quick.texts.length === 1_501)
    expect(lazy.connection.isCongested).toBe(true)
    expect(most).toBeLessThan(2 * slow.bytes)

    lazy.client.resume()
    await eventually(() => lazy.texts.length === 1_501)
    log.append('room', 1)
    await eventually(() => lazy.texts.length === 1_502)
    expect(lazy.texts.slice(1).map((text) => Number.parseInt(text, 10))).toEqual(
      Array.from({ length: 1_501 }, (_, index) => index + 1),
    )
  })

  it('is closed past the time limit and leaves the feed', async () => {
    const { log, watch, feed, clock } = await start({ feed: { encode: bigText }, acceptor: { slow } })
    const deaf = await watch()
    await live(deaf)
    deaf.client.pause()
    await eventually(
      () => {
        log.append('room', 10)
        return deaf.connection.isCongested
      },
      { everyMs: 0 },
    )

    await clock.advance(slow.limitMs)
    expect(deaf.connection.isOpen).toBe(false)
    await clock.advance(2_000)

    await eventually(() => feed.count('room') === 0)
    expect(log.taps).toBe(0)
  })

  it('that never reads a long history is given only what fits', async () => {
    const { log, watch } = await start({ feed: { encode: bigText }, acceptor: { slow } })
    log.append('room', 5_000)

    const { client, connection } = await watch()
    client.pause()
    await eventually(() => connection.isCongested)
    const { reads } = log
    for (let n = 0; n < 50; n++) await new Promise((resolve) => setImmediate(resolve))

    expect(log.reads).toBe(reads)
    expect(connection.bufferedBytes).toBeLessThan(3 * slow.bytes)
  })
})

describe('a feed whose log or encoder fails', () => {
  it('closes the joining socket with 1011, for the client to come back', async () => {
    const { log, watch, feed, faults } = await start()
    log.fail(new Error('disk on fire'))

    const { client } = await watch()

    await eventually(() => client.readyState === client.CLOSED)
    expect(faults.map(String)).toEqual(['Error: disk on fire'])
    expect(feed.count('room')).toBe(0)
  })

  it('closes live sockets rather than leave an event out', async () => {
    const encode = (event: StoredEvent) => {
      if (event.seq === 2) throw new Error('cannot encode')
      return seqText(event)
    }
    const { log, watch, faults } = await start({ feed: { encode } })
    const watcher = await watch()
    await live(watcher)

    log.append('room', 3)

    await eventually(() => watcher.client.readyState === watcher.client.CLOSED)
    expect(watcher.texts).toEqual(['caught up 0', 'room 1'])
    expect(faults.map(String)).toEqual(['Error: cannot encode'])
  })

  it('reports a callback that throws and goes on', async () => {
    const { log, watch, faults } = await start()
    const watcher = await watch({
      caughtUp: () => {
        throw new Error('callback')
      },
    })
    await eventually(() => faults.length === 1)

    log.append('room', 1)

    await eventually(() => watcher.texts.length === 1)
  })
})
