import { describe, expect, test } from 'vitest'
import type { Clock } from '../../ids/index.js'
import { readPacket } from '../packet.js'
import { maxFrameBytes, readFrame, toFrames } from './frames.js'
import { Reassembly } from './reassembly.js'

const clockAt = (time: { ms: number }) => ({ now: () => time.ms }) as Clock
const long = (n: number) => JSON.stringify(['s', 'x:1', 'aé😀'.repeat(n)])

describe('frames', () => {
  test('stay below the limit and give back the packet, whatever the characters', () => {
    const messages = [long(5_000), '["g"]']
    const frames = toFrames('node', 1, messages)

    expect(frames.length).toBeGreaterThan(3)
    for (const frame of frames) expect(Buffer.byteLength(frame)).toBeLessThanOrEqual(maxFrameBytes)
    const text = frames.map((frame) => readFrame(frame)?.chunk).join('')
    expect(readPacket(text)).toEqual([
      { kind: 'signal', stream: 'x:1', payload: 'aé😀'.repeat(5_000) },
      { kind: 'gap' },
    ])
  })

  test.each([
    '',
    'hello',
    '{}\n',
    '["n"]\nx',
    '["n",1,2,2]\nx',
    '["n",-1,0,1]\nx',
    '["n",1,0.5,1]\nx',
    '[1,1,0,1]\nx',
  ])('are not read from %j', (payload) => {
    expect(readFrame(payload)).toBeUndefined()
  })
})

describe('reassembly', () => {
  const parts = (packet: number, node = 'node') =>
    toFrames(node, packet, [long(3_000)]).map((text) => readFrame(text)!)

  test('gives the packet with its last part, in any order, once', () => {
    const reassembly = new Reassembly(clockAt({ ms: 0 }))
    const [last, ...rest] = parts(1).reverse()

    const early = rest.flatMap((part) => [reassembly.add(part), reassembly.add(part)])

    expect(early.every((text) => text === undefined)).toBe(true)
    expect(reassembly.add(last!)).toBe(`[${long(3_000)}]`)
  })

  test('keeps packets of different nodes apart', () => {
    const reassembly = new Reassembly(clockAt({ ms: 0 }))
    const [one, two] = [parts(1, 'one'), parts(1, 'two')]

    const texts = one.flatMap((part, n) => [reassembly.add(part), reassembly.add(two[n]!)])

    expect(texts.filter((text) => text !== undefined)).toHaveLength(2)
  })

  test('forgets a packet whose rest does not come, and the oldest of too many', () => {
    const time = { ms: 0 }
    const reassembly = new Reassembly(clockAt(time))
    const [first, ...rest] = parts(1)
    reassembly.add(first!)
    time.ms = 10_000
    reassembly.add(parts(2)[0]!)

    expect(rest.map((part) => reassembly.add(part)).at(-1)).toBeUndefined()

    const crowded = new Reassembly(clockAt(time))
    crowded.add(first!)
    for (let packet = 2; packet < 30; packet++) crowded.add(parts(packet)[0]!)
    expect(rest.map((part) => crowded.add(part)).at(-1)).toBeUndefined()
  })
})
