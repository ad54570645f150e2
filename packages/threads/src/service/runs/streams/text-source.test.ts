import { describe, expect, test } from 'vitest'
import { readable, script } from './text.test.support.js'
import { isTextStream, openText } from './text-source.js'

/** A web stream whose iterator is missing, as in some browsers. */
const readerOnly = (stream: ReadableStream<string>) => ({ getReader: () => stream.getReader() })

describe.each([
  ['an async iterable', (pieces: readonly string[]) => generated(pieces)],
  ['a web stream', (pieces: readonly string[]) => readable(pieces)],
  ['a web stream without an iterator', (pieces: readonly string[]) => readerOnly(readable(pieces))],
])('%s', (_what, make) => {
  test('is read to its end', async () => {
    const stream = make(['a', '', 'b'])
    const source = openText(stream)

    const pieces = [await source.next(), await source.next(), await source.next(), await source.next()]

    expect(isTextStream(stream)).toBe(true)
    expect(pieces).toEqual(['a', '', 'b', undefined])
    source.close()
  })
})

async function* generated(pieces: readonly string[]) {
  yield* pieces
}

test('a web stream is cancelled while it waits', async () => {
  let reason: unknown = 'not cancelled'
  const source = openText(
    new ReadableStream<string>({
      cancel: (given) => {
        reason = given
      },
    }),
  )
  const waiting = source.next()

  source.close()

  expect(await waiting).toBeUndefined()
  expect(reason).toBeUndefined()
})

test('an iterable is told once, and not at all when it is over or has failed', async () => {
  const [left, over, failed] = [script(), script(), script()]
  over.end()
  failed.fail(new Error('boom'))

  const sources = [left, over, failed].map(({ text }) => openText(text))
  await sources[1]!.next()
  await expect(sources[2]!.next()).rejects.toThrow('boom')
  for (const source of sources) source.close()

  expect([left, over, failed].map(({ isClosed }) => isClosed)).toEqual([true, false, false])
})

test('what is no text is refused, and its source closed', async () => {
  const bytes = script()
  bytes.write(new Uint8Array([1]))
  const source = openText(bytes.text)

  await expect(source.next()).rejects.toThrow('A stream of text may only give strings.')
  source.close()

  expect(bytes.isClosed).toBe(true)
})

test.each([[[]], ['text'], [null], [undefined], [{ type: 'text' }]])('%j is no stream of text', (value) => {
  expect(isTextStream(value)).toBe(false)
})
