import type { FileHandle } from 'node:fs/promises'
import type { FilePreview } from '../../protocol/index.js'
import { confine } from './confine.js'
import { openForReading } from './open.js'

const maxChars = 100_000
const chunkBytes = 64 * 1024
/** A NUL this early tells a binary file, as git has it. */
const sniffedBytes = 8_000

/** Ours beside the contract: a file that is no text has no content. */
export type Preview = FilePreview & { binary?: true }

/** The first 100,000 characters (UTF-16 units, no pair cut in two) of a file inside the roots; reads hardly more (section 8.1). */
export async function previewFile(roots: readonly string[], path: string): Promise<Preview> {
  const handle = await openForReading(await confine(roots, path), path)
  try {
    const read = await readText(handle)
    if (read === undefined) return { path, content: '', truncated: false, maxChars, binary: true }
    return { path, content: cut(read, maxChars), truncated: read.length > maxChars, maxChars }
  } finally {
    await handle.close()
  }
}

/** A little more than the preview needs, or all there is; undefined when it is no text. */
async function readText(handle: FileHandle): Promise<string | undefined> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const buffer = Buffer.allocUnsafe(chunkBytes)
  let text = ''
  for (let position = 0; text.length <= maxChars; ) {
    const { bytesRead } = await handle.read(buffer, 0, chunkBytes, position)
    if (bytesRead === 0) return text + decoder.decode()
    const bytes = buffer.subarray(0, bytesRead)
    if (position === 0 && isBinary(bytes)) return undefined
    text += decoder.decode(bytes, { stream: true })
    position += bytesRead
  }
  return text
}

/** True when the beginning of a file holds a NUL. */
export function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, sniffedBytes).includes(0)
}

/** At most `max` UTF-16 units, without half a pair at the end. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const last = text.charCodeAt(max - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max)
}
