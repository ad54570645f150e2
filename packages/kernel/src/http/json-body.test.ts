import { describe, expect, it } from 'vitest'
import { readJsonBody, readJsonObject } from './json-body.js'
import { isDeeperThan } from './json-depth.js'

type Body = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>

const post = (body: Body, headers: Record<string, string> = {}) =>
  // The cast: Node wants `duplex` with a stream, its types do not know it.
  new Request('http://x/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit)

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

/** A body without an end; `pulled` counts the bytes that were taken. */
function endless() {
  const seen = { pulled: 0, isCancelled: false }
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      seen.pulled += 1_000
      controller.enqueue(new Uint8Array(1_000).fill(0x20))
    },
    cancel() {
      seen.isCancelled = true
    },
  })
  return { seen, body }
}

describe('a JSON body', () => {
  it('is an object, or JSON of another kind', async () => {
    expect(await readJsonBody(post('{"a":[1]}'))).toEqual({ outcome: 'object', value: { a: [1] } })
    expect(await readJsonBody(post('[1]'))).toEqual({ outcome: 'other', value: [1] })
    expect(await readJsonBody(post('null'))).toEqual({ outcome: 'other', value: null })
  })

  it('that is empty means {}', async () => {
    expect(await readJsonBody(post(''))).toEqual({ outcome: 'object', value: {} })
    expect(await readJsonBody(post(' \n'))).toEqual({ outcome: 'object', value: {} })
    expect(await readJsonBody(new Request('http://x/', { method: 'POST' }))).toMatchObject({ value: {} })
  })

  it('that is empty is no object where one is required', async () => {
    expect(await readJsonBody(post(''), { isRequired: true })).toEqual({ outcome: 'other', value: undefined })
    await expect(readJsonObject(post(' '), { isRequired: true })).rejects.toMatchObject({
      code: 'kernel.invalid_request',
    })
    expect(await readJsonObject(post('{}'), { isRequired: true })).toEqual({})
  })

  it('that is not JSON or not UTF-8 is refused', async () => {
    await expect(readJsonBody(post('{"a":'))).rejects.toMatchObject({ code: 'kernel.malformed_json' })
    const broken = new Uint8Array([0x22, 0xc3, 0x28, 0x22])
    await expect(readJsonBody(post(broken))).rejects.toMatchObject({ code: 'kernel.malformed_json' })
  })

  it('over the limit is refused before the rest is read', async () => {
    const { seen, body } = endless()

    await expect(readJsonBody(post(body), { maxBytes: 5_000 })).rejects.toMatchObject({ status: 413 })
    expect(seen.pulled).toBeLessThan(10_000)
    expect(seen.isCancelled).toBe(true)
  })

  it('over the limit by its own word is refused unread', async () => {
    const { seen, body } = endless()
    const request = post(body, { 'content-length': '5001' })

    await expect(readJsonBody(request, { maxBytes: 5_000 })).rejects.toMatchObject({
      code: 'kernel.body_too_large',
      details: { maxBytes: 5_000 },
    })
    // A web stream fetches one chunk before anybody asks.
    expect(seen.pulled).toBeLessThanOrEqual(1_000)
  })

  it('whose declared length is a lie is held to the limit all the same', async () => {
    const request = post(`"${'x'.repeat(100)}"`, { 'content-length': '5' })

    await expect(readJsonBody(request, { maxBytes: 50 })).rejects.toMatchObject({ status: 413 })
  })

  it('of exactly the limit is taken', async () => {
    expect(await readJsonBody(post('{"a":1}'), { maxBytes: 7 })).toMatchObject({ outcome: 'object' })
  })

  it('that ends early is refused, not a fault', async () => {
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error('reset')),
    })

    await expect(readJsonBody(post(body))).rejects.toMatchObject({ code: 'kernel.invalid_request' })
  })

  it('nested too deeply is refused without recursion', async () => {
    expect(await readJsonBody(post(nested(64)))).toMatchObject({ outcome: 'other' })
    await expect(readJsonBody(post(nested(65)))).rejects.toMatchObject({ details: { maxDepth: 64 } })
    await expect(readJsonBody(post('['.repeat(500_000)))).rejects.toMatchObject({ status: 400 })
  })

  it('must be an object where only objects will do', async () => {
    expect(await readJsonObject(post('{"a":1}'))).toEqual({ a: 1 })
    await expect(readJsonObject(post('[]'))).rejects.toMatchObject({ code: 'kernel.invalid_request' })
  })
})

describe('depth', () => {
  it.each([
    ['"[[[["', 1, false],
    ['"\\"[[[["', 1, false],
    ['["\\\\",[1]]', 1, true],
    ['[[1],[2]]', 2, false],
    ['{"a":{"b":[1]}}', 2, true],
    ['"no end [[[', 1, false],
  ])('of %s against %i is too much: %s', (text, maxDepth, expected) => {
    expect(isDeeperThan(text, maxDepth)).toBe(expected)
  })
})
