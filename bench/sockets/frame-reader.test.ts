import { prepareFrame } from '@parley/kernel/socket'
import { expect, test } from 'vitest'
import { createFrameReader } from './frame-reader.js'

const texts = ['{"n":1}', 'x'.repeat(300), 'é']

test('texts are whole wherever the network cut the bytes', () => {
  const bytes = Buffer.concat(texts.map((text) => prepareFrame(text).bytes))

  for (let size = 1; size <= bytes.length; size += 7) {
    const read: string[] = []
    const take = createFrameReader((text) => read.push(text))
    for (let from = 0; from < bytes.length; from += size) take(bytes.subarray(from, from + size))
    expect(read, `chunks of ${size} bytes`).toEqual(texts)
  }
})
