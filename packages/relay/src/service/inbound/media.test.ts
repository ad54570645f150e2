import { openGround } from '@parley/kernel/ground'
import { eventually, fakeClock, settle } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { relayErrors } from '../../errors.js'
import type { PlatformMedia } from '../../platforms/port.js'
import { aMessage } from '../fake-bot.test.support.js'
import { openInbound, type TestInbound } from './inbound.test.support.js'

const canary = 'canary-platform-token'
const about = { kind: 'image', mime: 'image/png', size: 3, filename: 'a.png', caption: '' }
const open: PlatformMedia = { ...about, url: 'https://cdn.test/a.png' }
const loaded = (filename: string, load: (signal: AbortSignal) => Promise<Uint8Array>): PlatformMedia => ({
  ...about,
  filename,
  load,
})
const bytes = async () => new Uint8Array(3)

async function start(): Promise<TestInbound> {
  const one = await openInbound()
  await one.add('a1', 'b1')
  await one.bind('u1', 'a1')
  await one.bind('u1', 'b1')
  return one
}

// proves: relay.f28
describe('a file of a message', () => {
  it('is kept for those who receive it, and named by the connector', async () => {
    const one = await start()

    await one.sink.message(aMessage({ media: [open, loaded('b.png', bytes)] }))

    expect(one.stored).toMatchObject([{ to: { owner: null }, filename: 'b.png' }])
    expect(one.stored[0]!.to.tenants.toSorted()).toEqual(['a', 'b'])
    for (const name of ['a1', 'b1']) {
      const [event] = await one.events(name)
      expect(event!.media_urls).toEqual(['https://cdn.test/a.png', 'https://relay.test/relay/media/media1'])
      expect(event!.media!.map(({ url }) => url)).toEqual(event!.media_urls)
      expect(event!.media![1]).toEqual({ ...about, filename: 'b.png', url: event!.media_urls![1] })
    }
  })

  it('is left out when it can not be had, and the message comes', async () => {
    const one = await start()
    const failing = async () => {
      throw new Error(`GET https://api.test/file/bot${canary}/photo.jpg: 404`)
    }

    await one.sink.message(aMessage({ media: [loaded('a', failing), loaded('b', bytes)] }))
    await one.sink.message(aMessage({ messageId: 'p2', media: [loaded('c', failing)] }))

    const [event, bare] = await one.events('a1')
    expect(event!.media!.map(({ filename }) => filename)).toEqual(['b'])
    expect(bare).toMatchObject({ text: 'hello', message_id: 'p2' })
    expect(bare).not.toHaveProperty('media_urls')
    expect(JSON.stringify([await one.frames('a1'), await one.decisions(), one.deps.faults])).not.toContain(
      canary,
    )
  })

  it('is left out when there is no room for it', async () => {
    const full = {
      urlOf: () => '',
      store: async () => {
        throw relayErrors.mediaFull()
      },
    }
    const one = await openInbound({ parts: { media: full } })
    await one.add('a1')
    await one.bind('u1', 'a1')

    await one.sink.message(aMessage({ media: [loaded('a', bytes), open] }))

    expect((await one.events('a1'))[0]!.media_urls).toEqual([open.url])
  })

  it('is not loaded when nobody receives it, nor when it comes again', async () => {
    const one = await start()
    let loads = 0
    const media = [
      loaded('a', async () => {
        loads += 1
        return await bytes()
      }),
    ]

    await one.sink.message(aMessage({ messageId: 'm1', author: { id: 'stranger' }, media }))
    expect(loads).toBe(0)
    await one.sink.message(aMessage({ messageId: 'm2', media }))
    await one.sink.message(aMessage({ messageId: 'm2', media }))
    expect(loads).toBe(1)
  })

  it('is waited for so long, and not longer', async () => {
    const clock = fakeClock()
    const ground = await openGround({ clock })
    onTestFinished(() => ground.close())
    const one = await openInbound({ ground })
    await one.add('a1')
    await one.bind('u1', 'a1')
    let signal: AbortSignal | undefined
    const stuck = loaded('b', (given) => {
      signal = given
      return new Promise<Uint8Array>(() => {})
    })
    const taken = one.sink.message(aMessage({ media: [open, stuck, open] }))
    while (!signal) await settle()

    await clock.advance(30_000)
    await taken

    expect(signal.aborted).toBe(true)
    expect((await one.events('a1'))[0]!.media_urls).toEqual([open.url])
  })

  it('waits for its turn: few are in memory at the same time, and one that is stuck frees its place', async () => {
    const clock = fakeClock()
    const ground = await openGround({ clock })
    onTestFinished(() => ground.close())
    const one = await openInbound({ ground })
    await one.add('a1')
    await one.bind('u1', 'a1')
    let loading = 0
    const stuck = loaded('b', () => {
      loading += 1
      return new Promise<Uint8Array>(() => {})
    })
    const send = (n: number, media: PlatformMedia) =>
      one.sink.message(aMessage({ messageId: `m${n}`, chat: { id: `c${n}` }, media: [media] }))
    const taken = Array.from({ length: 20 }, (_, n) => send(n, stuck))
    await eventually(() => expect(loading).toBe(16))

    await clock.advance(30_000)
    await Promise.all(taken)

    await send(20, loaded('c', bytes))
    expect((await one.events('a1')).at(-1)!.media!.map(({ filename }) => filename)).toEqual(['c'])
  })
})
