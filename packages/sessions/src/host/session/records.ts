import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isJsonObject } from '@parley/kernel/wire'
import type { SessionRecord } from './record.js'

/** Ids that may be the name of a file. */
const safeId = /^[\w-]{1,128}$/

/** True for an id that a session may have: letters, digits, `_` and `-`. */
export function isSessionId(id: string): boolean {
  return safeId.test(id)
}

/** The sessions of a host on disk, one file each (mode 0600, replaced as a whole). */
export class Records {
  readonly #dir: string
  readonly #writing = new Map<string, Promise<void>>()
  readonly #waiting = new Map<string, SessionRecord | undefined>()

  private constructor(dir: string) {
    this.#dir = dir
  }

  /** Makes the directory when it is missing. */
  static async open(dir: string): Promise<Records> {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    return new Records(dir)
  }

  /** What an earlier host wrote; files that are no records are left alone. */
  async all(): Promise<SessionRecord[]> {
    const names = (await readdir(this.#dir)).filter((name) => name.endsWith('.json')).sort()
    const records = await Promise.all(names.map((name) => this.#read(name)))
    return records.filter((record) => record !== undefined)
  }

  /** Resolves when this, or something newer, is on disk. */
  save(record: SessionRecord): Promise<void> {
    return this.#write(record.sessionId, { ...record })
  }

  async remove(sessionId: string): Promise<void> {
    await this.#write(sessionId, undefined)
  }

  /** Writes of one session follow each other; of those that wait only the last is done. */
  #write(id: string, record: SessionRecord | undefined): Promise<void> {
    const isWaiting = this.#waiting.has(id)
    this.#waiting.set(id, record)
    const before = this.#writing.get(id)
    if (isWaiting && before) return before
    const done = (before ?? Promise.resolve()).catch(() => undefined).then(() => this.#writeNow(id))
    this.#writing.set(id, done)
    const forget = () => {
      if (this.#writing.get(id) === done) this.#writing.delete(id)
    }
    done.then(forget, forget)
    return done
  }

  async #writeNow(id: string): Promise<void> {
    const record = this.#waiting.get(id)
    this.#waiting.delete(id)
    const path = join(this.#dir, `${id}.json`)
    if (!record) return rm(path, { force: true })
    const file = await open(`${path}.new`, 'w', 0o600)
    try {
      await file.writeFile(JSON.stringify(record))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(`${path}.new`, path)
  }

  async #read(name: string): Promise<SessionRecord | undefined> {
    try {
      const value: unknown = JSON.parse(await readFile(join(this.#dir, name), 'utf8'))
      if (!isJsonObject(value) || value.v !== 1 || `${value.sessionId}.json` !== name) return undefined
      // The cast: our own kind wrote the file, and nobody else may.
      return value as SessionRecord
    } catch {
      return undefined
    }
  }
}
