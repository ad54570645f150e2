import type { PlatformMedia } from '../../platforms/port.js'
import { limits, type MediaItem } from '../../protocol/index.js'
import { inTime } from '../routing/index.js'
import type { Work } from './parts.js'

/** LIMIT: files of one message. */
const maxFiles = 16

/**
 * Files of a message as its receivers can have them: public ones as they are, the others loaded and kept for these tenants alone. What
 * can't be had is left out, never the message. One after the other, 30 s for all: so few are in memory at a time.
 */
export async function takeMedia(
  work: Work,
  media: readonly PlatformMedia[],
  tenants: readonly string[],
): Promise<MediaItem[]> {
  const items: MediaItem[] = []
  const take = async (signal: AbortSignal): Promise<void> => {
    for (const file of media.slice(0, maxFiles)) {
      if (signal.aborted) return
      const item = await takeFile(work, file, tenants, signal)
      if (item && !signal.aborted) items.push(item)
    }
  }
  if (media.length > 0 && tenants.length > 0)
    await inTime(work.ground.clock, limits.mediaFetchMs, take).catch(() => {})
  return items
}

async function takeFile(
  { media, files }: Work,
  file: PlatformMedia,
  tenants: readonly string[],
  signal: AbortSignal,
): Promise<MediaItem | undefined> {
  const { kind, mime, size, filename, caption } = file
  if ('url' in file) return { url: file.url, kind, mime, size, filename, caption }
  try {
    const keep = async () => {
      const bytes = await file.load(signal)
      return await media.store({ bytes, mime, filename }, { tenants, owner: null })
    }
    const kept = await files.take(tenants[0] ?? '', signal, () => unlessAborted(signal, keep()))
    return { url: media.urlOf(kept.id), kind, mime, size: kept.size, filename, caption }
  } catch {
    // WHY: the error is not passed on. A platform's address may hold its credential (contract 9.3).
    return undefined
  }
}

/** A driver that does not listen to its signal must not keep others from their turn. */
function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    work.then(resolve, reject)
  })
}
