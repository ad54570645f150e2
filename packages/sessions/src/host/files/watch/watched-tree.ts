import { type FSWatcher, watch } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isUnwatched } from './changes.js'
import type { ChangeSink } from './source.js'

/** Directories that are watched below one; past that the caller looks for itself. */
const maxDirectories = 20_000

/** A directory that is watched, and what is in it: true for directories. Paths are relative; the first is empty. */
type Branch = { watcher: FSWatcher; entries: Map<string, boolean> }

/**
 * The system's notifications for every directory of a tree, one watch each.
 *
 * WHY: not a library. What the system tells of a tree that is made at once (`mkdir -p a/b/c`, a checkout) is told while nobody
 * watches the new directories yet: each has to be watched first and read then. The native library that was tried misses
 * such files; the others open a watch for every single file.
 */
export class WatchedTree {
  readonly #root: string
  readonly #sink: ChangeSink
  readonly #onLost: (error: unknown) => void
  readonly #branches = new Map<string, Branch>()
  /** Looks at one name of one directory, one after the other, so that the last one sees what is there. */
  readonly #looking = new Map<string, { again: boolean }>()
  #isClosed = false

  /** `onLost`: the system has no watches left, or the directory is gone; nothing more is told. */
  constructor(root: string, sink: ChangeSink, onLost: (error: unknown) => void) {
    this.#root = root
    this.#sink = sink
    this.#onLost = onLost
  }

  /** Watches everything that is there; resolves when changes are seen. Rejects when it can't be watched. */
  async open(): Promise<void> {
    await this.#enter('', false)
  }

  close(): void {
    this.#isClosed = true
    for (const { watcher } of this.#branches.values()) watcher.close()
    this.#branches.clear()
  }

  /** Watches a directory and all below it. `isNew`: what is in it is told. */
  async #enter(path: string, isNew: boolean): Promise<void> {
    const waiting = [path]
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      for (const below of await this.#open(at, isNew)) waiting.push(below)
    }
  }

  /** First the watch, then the reading: what comes in between is seen by one of them. Answers the directories in it. */
  async #open(path: string, isNew: boolean): Promise<string[]> {
    if (this.#isClosed || this.#branches.has(path)) return []
    if (this.#branches.size >= maxDirectories) throw new Error('too many directories to watch')
    const branch: Branch = { watcher: this.#watch(path), entries: new Map() }
    this.#branches.set(path, branch)
    const found = await readdir(join(this.#root, path), { withFileTypes: true }).catch(() => [])
    for (const entry of found) {
      const name = below(path, entry.name)
      if (isUnwatched(name) || branch.entries.has(entry.name)) continue
      branch.entries.set(entry.name, entry.isDirectory())
      if (isNew) this.#sink.change({ path: name, type: 'added' })
    }
    return found
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => below(path, name))
      .filter((name) => !isUnwatched(name))
  }

  #watch(path: string): FSWatcher {
    const watcher = watch(join(this.#root, path), { persistent: true }, (_, name) => {
      if (name === null) this.#sink.missed()
      else this.#changed(path, name)
    })
    // A directory that is removed ends its own watch; its parent tells of it.
    watcher.on('error', () => this.#leave(path))
    return watcher
  }

  #changed(path: string, name: string): void {
    const changed = below(path, name)
    if (this.#isClosed || isUnwatched(changed)) return
    const looking = this.#looking.get(changed)
    if (looking) {
      looking.again = true
      return
    }
    const turn = { again: false }
    this.#looking.set(changed, turn)
    void this.#look(path, name, turn).catch((error: unknown) => this.#lost(error))
  }

  async #look(path: string, name: string, turn: { again: boolean }): Promise<void> {
    const changed = below(path, name)
    do {
      turn.again = false
      const stats = await lstat(join(this.#root, changed)).catch(() => undefined)
      await this.#compare(path, name, stats?.isDirectory())
    } while (turn.again && !this.#isClosed)
    this.#looking.delete(changed)
  }

  /** `isDirectory`: undefined for what is not there any more. */
  async #compare(path: string, name: string, isDirectory: boolean | undefined): Promise<void> {
    const entries = this.#branches.get(path)?.entries
    const changed = below(path, name)
    if (this.#isClosed || !entries) return
    const before = entries.get(name)
    if (before === true && isDirectory !== true) this.#leave(changed)
    if (isDirectory === undefined) entries.delete(name)
    else entries.set(name, isDirectory)
    const type = isDirectory === undefined ? 'deleted' : before === undefined ? 'added' : 'modified'
    // A directory that is there still tells of what is in it by itself.
    if ((before !== undefined || isDirectory !== undefined) && !(before === true && isDirectory === true))
      this.#sink.change({ path: changed, type })
    if (isDirectory === true) await this.#enter(changed, true)
  }

  #leave(path: string): void {
    for (const [one, { watcher }] of this.#branches) {
      if (one !== path && !one.startsWith(`${path}/`)) continue
      watcher.close()
      this.#branches.delete(one)
    }
    if (path === '') this.#lost(new Error('the directory is gone'))
  }

  #lost(error: unknown): void {
    if (this.#isClosed) return
    this.close()
    this.#onLost(error)
  }
}

const below = (path: string, name: string): string => (path === '' ? name : `${path}/${name}`)
