// Files that go through the connector (contract 9): stored in pieces, kept for an hour, seen only by the tenants they are for.

import type { Op } from '@parley/kernel/db'
import type { ResolveHost } from '@parley/kernel/delivery'
import { relayErrors } from '../../errors.js'
import { limits } from '../../protocol/index.js'
import type { MediaRow } from '../../store/port.js'
import type { Media, RelayDeps } from '../deps.js'
import { countChunks, cutChunks, joinChunks } from './chunks.js'
import { cleanFilename, cleanMime } from './names.js'
import { readReference, referenceOf } from './reference.js'
import { type Arrival, Room } from './room.js'
import { type SourceFile, Sources } from './sources.js'

/** What `createMedia` returns: `stop` cuts what is being loaded. */
export type MediaPlace = Media & { stop(): Promise<void> }

/** `resolve`: for tests. */
export function createMedia(deps: RelayDeps, parts: { resolve?: ResolveHost } = {}): MediaPlace {
  return new StoredMedia(deps, parts.resolve)
}

type NewFile = Parameters<Media['store']>[0]
type Receivers = Parameters<Media['store']>[1]

class StoredMedia implements MediaPlace {
  readonly #deps: RelayDeps
  readonly #room: Room
  readonly #sources: Sources

  constructor(deps: RelayDeps, resolve: ResolveHost | undefined) {
    this.#deps = deps
    this.#room = new Room(deps)
    this.#sources = new Sources(deps, resolve)
  }

  async store(file: NewFile, to: Receivers): Promise<{ id: string; size: number }> {
    const id = this.#deps.ground.ids.hex(16)
    // A tenant that has no room left does not see the file; the others do.
    const arrival = await this.#room.enter([...new Set(to.tenants)], to.owner?.tenant)
    try {
      const size = await this.#write(id, file.bytes, arrival)
      const row = { id, size, mime: cleanMime(file.mime), filename: cleanFilename(file.filename) }
      await this.#complete(row, await arrival.fitting(), to.owner)
      return { id, size }
    } catch (error) {
      await this.#commit([this.#deps.store.media.dropChunks(id)]).catch(() => {})
      throw error
    } finally {
      arrival.end()
    }
  }

  async read(id: string, tenant: string) {
    const row = /^[0-9a-f]{32}$/.test(id) ? await this.#find(id, tenant) : undefined
    if (!row) return undefined
    const { mime, size, filename } = row
    return { mime, size, filename, chunks: this.#chunks(id, size) }
  }

  async fetchSource(sourceUrl: string, tenant: string, signal: AbortSignal): Promise<SourceFile> {
    signal.throwIfAborted()
    const reference = readReference(sourceUrl, this.#deps.options.publicUrl())
    const own = reference && (await this.#own(reference.id, tenant))
    if (own) return own
    if (reference?.isOurs) throw relayErrors.notFound({ message: 'no such media' })
    return await this.#sources.load(sourceUrl, tenant, signal)
  }

  urlOf(id: string): string {
    return referenceOf(id, this.#deps.options.publicUrl())
  }

  stop(): Promise<void> {
    return this.#sources.close()
  }

  async #write(id: string, bytes: NewFile['bytes'], arrival: Arrival): Promise<number> {
    const { ground, store } = this.#deps
    let size = 0
    let index = 0
    for await (const chunk of cutChunks(bytes)) {
      size += chunk.length
      if (size > limits.mediaBytes) throw relayErrors.mediaTooLarge()
      arrival.add(chunk.length)
      await this.#commit([store.media.insertChunk(id, index++, chunk, ground.clock.micros())])
    }
    if (size === 0) throw relayErrors.emptyMedia()
    return size
  }

  async #complete(
    file: Pick<MediaRow, 'id' | 'size' | 'mime' | 'filename'>,
    tenants: readonly string[],
    owner: Receivers['owner'],
  ): Promise<void> {
    const createdAt = this.#deps.ground.clock.micros()
    const row = { ...file, createdAt, expiresAt: createdAt + limits.mediaMs * 1_000 }
    await this.#commit(this.#deps.store.media.insert(row, tenants, owner))
  }

  async #commit(ops: readonly Op[]): Promise<void> {
    const { outcome } = await this.#deps.ground.log.commit({ ops, appends: [] })
    if (outcome !== 'committed') throw new Error('a file of this id is there already')
  }

  #find(id: string, tenant: string): Promise<MediaRow | undefined> {
    return this.#deps.store.media.find(id, tenant, this.#deps.ground.clock.micros())
  }

  async #own(id: string, tenant: string): Promise<SourceFile | undefined> {
    const found = await this.read(id, tenant)
    if (!found) return undefined
    const { mime, filename, chunks, size } = found
    return { bytes: await joinChunks(chunks, size), mime, filename }
  }

  async *#chunks(id: string, size: number): AsyncGenerator<Uint8Array, void, undefined> {
    for (let index = 0; index < countChunks(size); index++) {
      const chunk = await this.#deps.store.media.readChunk(id, index)
      // Its time came while it was read: a reader must not take what it has for the whole.
      if (!chunk) throw relayErrors.notFound()
      yield chunk
    }
  }
}
