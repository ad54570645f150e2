import * as z from 'zod/mini'
import { SessionInfo } from '../../protocol/messages.js'

/** The part of a `Storage` that is used. */
export type StorageLike = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const Remembered = z.object({
  session: SessionInfo,
  keys: z.array(z.string()),
  late: z.optional(z.record(z.string(), z.unknown())),
})

/** Remembers the session of a form, so that a reload of the page goes on with it. */
export class SessionMemory {
  readonly #storage: StorageLike | null
  readonly #name: string

  constructor(storage: StorageLike | null, name: string) {
    this.#storage = storage
    this.#name = name
  }

  /** The session, if the form still has the fields it was made for. */
  recall(keys: string[]): SessionInfo | undefined {
    const found = this.#read()
    return found && String(found.keys) === String(keys) ? found.session : undefined
  }

  keep(session: SessionInfo, keys: string[]): void {
    this.#try((storage) => storage.setItem(this.#name, JSON.stringify({ session, keys })))
  }

  /** Remembers values that were typed in the moment the page went away: what is sent then may never leave. */
  keepLate(late: Record<string, unknown>): void {
    const found = this.#read()
    if (found) this.#try((storage) => storage.setItem(this.#name, JSON.stringify({ ...found, late })))
  }

  /** Those values, once. */
  takeLate(): Record<string, unknown> {
    const found = this.#read()
    if (!found?.late) return {}
    this.keep(found.session, found.keys)
    return found.late
  }

  #read(): z.infer<typeof Remembered> | undefined {
    const text = this.#try((storage) => storage.getItem(this.#name))
    return Remembered.safeParse(parse(text ?? '')).data
  }

  forget(): void {
    this.#try((storage) => storage.removeItem(this.#name))
  }

  // OUTSIDE: a browser may refuse storage altogether, or be full. Then a reload begins anew.
  #try<T>(use: (storage: StorageLike) => T): T | undefined {
    try {
      return this.#storage ? use(this.#storage) : undefined
    } catch {
      return undefined
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
