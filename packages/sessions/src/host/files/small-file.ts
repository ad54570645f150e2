import type { Place } from './confine.js'
import { openForReading } from './open.js'

/** The first `maxBytes` of a file as text; undefined when there is no such regular file inside the root. */
export async function readSmallFile(place: Place, maxBytes: number): Promise<string | undefined> {
  const handle = await openForReading(place, place.real).catch(() => undefined)
  if (!handle) return undefined
  try {
    const buffer = Buffer.allocUnsafe(Math.min(maxBytes, (await handle.stat()).size))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } catch {
    return undefined
  } finally {
    await handle.close()
  }
}
