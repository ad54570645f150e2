import type { Stop } from '@parley/kernel/ids'
import type { AuditRecord } from './audit.js'
import type { HandshakeSession } from './session.js'

type Later<T> = T | Promise<T>

/** Functions of the application. Several per event run in the order of registration; all may be async (contract 8). */
export type HookFunctions = {
  /** Throwing refuses with 403 and the message; so does returning `false`. May set `owner` and `meta`. */
  createSession: (session: HandshakeSession, request?: Request) => Later<unknown>
  /** `false` vetoes the action; throwing reports the message; anything else lets it pass. The first refusal counts. */
  action: (session: HandshakeSession, action: Record<string, unknown>, request?: Request) => Later<unknown>
  /** After the `done` frame. What it throws is logged and goes nowhere else. */
  done: (
    session: HandshakeSession,
    applied: string[],
    rejected: string[],
    errors: unknown[],
  ) => Later<unknown>
  /** `false` refuses, a number replaces the seconds for the next hook and the grant, throwing refuses with the message. */
  extend: (session: HandshakeSession, seconds: number, request?: Request) => Later<unknown>
  /** Each audit record as it is made. What it throws is logged. */
  audit: (record: AuditRecord) => Later<unknown>
}

export type HookName = keyof HookFunctions

/** Registered functions, by event. */
export class Hooks {
  readonly #functions = new Map<HookName, unknown[]>()

  add<Name extends HookName>(name: Name, fn: HookFunctions[Name]): Stop {
    const list = this.#functions.get(name) ?? []
    this.#functions.set(name, [...list, fn])
    return () => {
      const rest = (this.#functions.get(name) ?? []).filter((other) => other !== fn)
      this.#functions.set(name, rest)
    }
  }

  /** In order of registration. */
  of<Name extends HookName>(name: Name): readonly HookFunctions[Name][] {
    return (this.#functions.get(name) ?? []) as HookFunctions[Name][]
  }
}

/** What to say of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
