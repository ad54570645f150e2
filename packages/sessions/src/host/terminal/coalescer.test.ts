import { fakeClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { createCoalescer } from './coalescer.js'

function coalescing() {
  const clock = fakeClock()
  const sent: string[] = []
  const output = createCoalescer(clock, (text) => void sent.push(text))
  return { clock, sent, output }
}

test('what comes after a silence is sent at once, the rest of 10 ms together', async () => {
  const { clock, sent, output } = coalescing()
  output.push('a')
  output.push('b')
  output.push('c')
  expect(sent).toEqual(['a'])

  await clock.advance(10)
  expect(sent).toEqual(['a', 'bc'])
  await clock.advance(20)
  output.push('d')
  expect(sent).toEqual(['a', 'bc', 'd'])
})

test('a piece has at most 4096 bytes and no half character', async () => {
  const { sent, output } = coalescing()
  const text = `x${'😀'.repeat(3_000)}`
  output.push(text)
  output.flush()

  expect(sent.join('')).toBe(text)
  for (const piece of sent) expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(4_096)
  expect(sent.join('')).not.toContain('\ufffd')
})

test('many small texts make full pieces', () => {
  const { sent, output } = coalescing()
  for (let at = 0; at < 1_001; at++) output.push('12345678')

  expect(sent.slice(1).map((one) => one.length)).toEqual([4_096])
})

test('leaves no timer behind', async () => {
  const { clock, output } = coalescing()
  output.push('a')
  output.close()

  expect(clock.pending).toBe(0)
})
