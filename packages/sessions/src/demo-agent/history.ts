import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionUpdate } from '@agentclientprotocol/sdk'

/** What a client was shown of a session, one file each; kept so that a later process can show it again. */
export class History {
  readonly #dir: string | undefined
  readonly #updates = new Map<string, SessionUpdate[]>()

  /** Without a directory nothing is remembered. */
  constructor(dir: string | undefined) {
    this.#dir = dir
    if (dir) mkdirSync(dir, { recursive: true })
  }

  /** Remembers a session before its first update. */
  begin(sessionId: string): void {
    this.#updates.set(sessionId, [])
    this.save(sessionId)
  }

  add(sessionId: string, update: SessionUpdate): void {
    if (this.#dir) this.#updates.get(sessionId)?.push(update)
  }

  /** Writes down what was added so far. */
  save(sessionId: string): void {
    if (!this.#dir) return
    const path = this.#pathOf(sessionId)
    writeFileSync(`${path}.new`, JSON.stringify(this.#updates.get(sessionId) ?? []))
    renameSync(`${path}.new`, path)
  }

  /** Everything of a session that was remembered, or undefined for one that was not. */
  open(sessionId: string): SessionUpdate[] | undefined {
    if (!this.#dir || !/^[\w-]+$/.test(sessionId)) return undefined
    try {
      // The cast: this process's own kind wrote the file.
      const updates = JSON.parse(readFileSync(this.#pathOf(sessionId), 'utf8')) as SessionUpdate[]
      this.#updates.set(sessionId, updates)
      return [...updates]
    } catch {
      return undefined
    }
  }

  #pathOf(sessionId: string): string {
    return join(this.#dir ?? '', `${sessionId}.json`)
  }
}
