import type { JsonObject } from '@parley/kernel/wire'
import { describe, expect, it } from 'vitest'
import { createFrameReader, frameText } from './framing.js'

function reading(maxBytes = 1_048_576) {
  const frames: JsonObject[] = []
  const counts = { malformed: 0 }
  const reader = createFrameReader({
    maxBytes,
    onFrame: (frame) => frames.push(frame),
    onMalformed: () => void counts.malformed++,
  })
  return { frames, counts, push: (text: string) => reader.push(text) }
}

// proves: relay.f5
describe('frames', () => {
  it('come two in one message', () => {
    const { frames, push } = reading()

    expect(push('{"a":1}\n{"b":2}\n')).toBe(true)

    expect(frames).toEqual([{ a: 1 }, { b: 2 }])
  })

  it('come one in three messages', () => {
    const { frames, push } = reading()

    for (const part of ['{"te', 'xt":"gr', 'üß"}\n{"next"']) push(part)
    expect(frames).toEqual([{ text: 'grüß' }])
    push(':1}\n')

    expect(frames.at(-1)).toEqual({ next: 1 })
  })

  it('survive blank lines, malformed lines and what is no object', () => {
    const { frames, counts, push } = reading()

    push('\n  \r\n{"a":1}\r\nnot json\n[1]\n"text"\n7\nnull\n{"b":2}\n')

    expect(frames).toEqual([{ a: 1 }, { b: 2 }])
    expect(counts.malformed).toBe(5)
  })

  it('are told to be malformed when they are nested too deeply', () => {
    const { frames, counts, push } = reading()

    push(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n{"b":2}\n`)

    expect(frames).toEqual([{ b: 2 }])
    expect(counts.malformed).toBe(1)
  })

  it('are never longer than the limit, in bytes', () => {
    expect(reading(9).push('{"a":"é"}\n')).toBe(false)
    expect(reading(10).push('{"a":"é"}\n')).toBe(true)
  })

  // proves: relay.s17
  it('an endless line ends the reading, and is not kept', () => {
    const { frames, push } = reading(1_000)

    const answers = Array.from({ length: 3_000 }, () => push('x'))

    expect(answers.filter(Boolean)).toHaveLength(1_000)
    expect(push('\n{"a":1}\n')).toBe(false)
    expect(frames).toEqual([])
  })

  it('joins a line of very many pieces', () => {
    const { frames, push } = reading()

    for (const char of `{"text":"${'é'.repeat(3_000)}"}`) push(char)
    push('\n')

    expect(frames).toEqual([{ text: 'é'.repeat(3_000) }])
  })

  it('have no newline inside', () => {
    expect(frameText({ text: 'one\ntwo' })).toBe('{"text":"one\\ntwo"}')
  })
})
