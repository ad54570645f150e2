import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { sessionsErrors } from '../errors.js'
import { openDoors } from '../plane-doors.test.support.js'
import type { TerminalSignal } from '../protocol/index.js'
import { Peer } from './peer.test.support.js'

const said = (seq: number, terminalId = 't1', data = `${seq}`): TerminalSignal => ({
  seq,
  event: { type: 'terminal.data', data: { terminalId, data }, timestamp: 't' },
})

async function openSocket(path = '/ws') {
  const doors = await openDoors()
  const { terminals } = doors
  const url = `ws://${await doors.listen()}${path}`
  return {
    doors,
    url,
    peer: await Peer.open(url),
    terminals,
    /** Happens on the host: kept, and signalled, unless that got lost. */
    say: (signal: TerminalSignal, { isLost = false } = {}) => {
      terminals.kept.push(signal)
      if (!isLost) for (const listener of terminals.listeners) listener(signal)
    },
  }
}

// proves: sessions.s43
describe('terminals of an instance', () => {
  test('are replayed, then live, without a session, under their own name', async () => {
    const { peer, say, terminals } = await openSocket()
    terminals.kept.push(said(1), said(2, 't2'))

    await peer.subscribe('terminals')
    say(said(3))
    await eventually(() => peer.of('event').length === 3)

    expect(peer.texts.slice(1)).toEqual([
      `{"type":"event","channel":"terminals:t1","seq":1,"event":${JSON.stringify(said(1).event)}}`,
      `{"type":"event","channel":"terminals:t2","seq":2,"event":${JSON.stringify(said(2, 't2').event)}}`,
      '{"type":"subscribed","channel":"terminals"}',
      `{"type":"event","channel":"terminals:t1","seq":3,"event":${JSON.stringify(said(3).event)}}`,
    ])
  })

  test('come one by one to whoever wants one', async () => {
    const { peer, say, terminals } = await openSocket()
    terminals.kept.push(said(1), said(2, 't2'))

    await peer.subscribe('terminals:t2')
    say(said(3))
    say(said(4, 't2'))
    await eventually(() => peer.of('event').length === 2)

    expect(peer.events).toEqual(['terminals:t2 2', 'terminals:t2 4'])
  })

  test('come once, whatever is subscribed to; a replay gives what it is asked for', async () => {
    const { peer, say, terminals } = await openSocket()
    terminals.kept.push(said(1), said(2, 't2'))
    await peer.subscribe('terminals')

    await peer.subscribe('terminals:t2', 1)
    say(said(3, 't2'))
    await eventually(() => peer.of('event').length === 4)

    expect(peer.events).toEqual(['terminals:t1 1', 'terminals:t2 2', 'terminals:t2 2', 'terminals:t2 3'])
  })

  test('are replayed after a number, and byte for byte', async () => {
    const { peer, url, terminals } = await openSocket()
    terminals.kept.push(said(1), said(2), said(3))
    await peer.subscribe('terminals')
    const later = await Peer.open(url)

    await later.subscribe('terminals', 2)

    expect(later.texts[1]).toBe(peer.texts[3])
    expect(later.events).toEqual(['terminals:t1 3'])
  })

  test('after a number from the future come live', async () => {
    const { peer, say } = await openSocket()
    say(said(1))
    await peer.subscribe('terminals', 1_000)

    say(said(2))
    say(said(3))
    await eventually(() => peer.of('event').length === 2)

    expect(peer.events).toEqual(['terminals:t1 2', 'terminals:t1 3'])
  })

  test('are asked for again where something got lost, and what is gone is skipped', async () => {
    const { doors, peer, say, terminals } = await openSocket()
    say(said(1))
    await peer.subscribe('terminals')

    say(said(2), { isLost: true })
    say(said(3))
    await eventually(() => peer.events.at(-1) === 'terminals:t1 3')
    for (const listener of terminals.listeners) listener(said(7))
    await eventually(() => peer.events.at(-1) === 'terminals:t1 7')
    say(said(8))
    await eventually(() => peer.events.at(-1) === 'terminals:t1 8')

    expect(peer.events).toEqual([1, 2, 3, 7, 8].map((seq) => `terminals:t1 ${seq}`))
    expect(doors.calls.map(([name, , since]) => `${name} ${since}`)).toEqual(['kept 0', 'kept 1', 'kept 3'])
  })

  test('that come while the history is read wait for it', async () => {
    const { doors, peer, say, terminals } = await openSocket()
    terminals.kept.push(said(1))
    const { kept } = doors.service.terminals
    doors.service.terminals.kept = async (...args) => {
      const answer = await kept(...args)
      say(said(2))
      say(said(3))
      await new Promise((resolve) => setImmediate(resolve))
      return answer
    }

    await peer.subscribe('terminals')
    await eventually(() => peer.of('event').length === 3)

    expect(peer.events).toEqual([1, 2, 3].map((seq) => `terminals:t1 ${seq}`))
  })

  test('say when some of what was asked for is gone', async () => {
    const { peer, terminals } = await openSocket()
    terminals.truncated = true

    expect(await peer.subscribe('terminals', 5)).toEqual({
      type: 'subscribed',
      channel: 'terminals',
      truncated: true,
    })
  })

  test('of a host that is away come when it is back', async () => {
    const { doors, peer, say, terminals } = await openSocket()
    const { kept } = doors.service.terminals
    doors.service.terminals.kept = () => Promise.reject(sessionsErrors.hostNotConnected())
    expect(await peer.subscribe('terminals')).toEqual({ type: 'subscribed', channel: 'terminals' })
    doors.service.terminals.kept = kept
    terminals.kept.push(said(1))

    say(said(2))
    await eventually(() => peer.of('event').length === 2)

    expect(peer.events).toEqual(['terminals:t1 1', 'terminals:t1 2'])
  })

  test('are refused to whoever may not see them, and that does not count as a subscription', async () => {
    const { doors, peer, terminals } = await openSocket()
    doors.service.terminals.tap = () => Promise.reject(sessionsErrors.forbidden())

    const refused = { type: 'error', message: 'forbidden', channel: 'terminals' }
    expect(await peer.subscribe('terminals')).toEqual(refused)
    expect(await peer.subscribe('terminals')).toEqual(refused)
    expect(terminals.listeners.size).toBe(0)
  })

  test('are listened to no more when all of them are left, or the connection ends', async () => {
    const { peer, url, say, terminals } = await openSocket()
    const other = await Peer.open(url)
    await peer.subscribe('terminals')
    await peer.subscribe('terminals:t1')
    await other.subscribe('terminals')
    expect(terminals.listeners.size).toBe(2)

    peer.send({ action: 'unsubscribe', channel: 'terminals' })
    await eventually(() => peer.of('unsubscribed').length === 1)
    say(said(1))
    say(said(2, 't2'))
    await eventually(() => peer.of('event').length === 1)
    peer.send({ action: 'unsubscribe', channel: 'terminals:t1' })
    await eventually(() => terminals.listeners.size === 1)
    other.socket.close()

    await eventually(() => terminals.listeners.size === 0)
    expect(peer.events).toEqual(['terminals:t1 1'])
  })

  test('of an instance that the address names are those of it', async () => {
    const { doors, peer } = await openSocket('/ws?runtime=box')

    await peer.subscribe('terminals')

    expect(doors.calls).toEqual([['kept', 'box', 0]])
  })
})
