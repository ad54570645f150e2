import { NotApplicable } from './expect.js'
import type { Answer, Sent } from './http.js'
import type { Line, LineOptions } from './line.js'
import type { TestSession } from './session.js'

/** `base`: a fact that today's clients and servers depend on. `hardening`: a rule of ours on top of it. */
export type Kind = 'base' | 'hardening'

/** What a check gets: the server under test and ways to talk to it. */
export interface Context {
  /** Base URL of the conformance server. */
  readonly url: string
  /** Base URL of the instance with a lifetime of 2 s and a heartbeat each second. */
  readonly short?: string
  /** Base URL of a second node that shares its state with `url`. */
  readonly second?: string
  /** Sends a request to the server under test, or to another base. */
  send(sent: Sent, base?: string): Promise<Answer>
  /** Creates a session with this body. */
  session(body?: object, base?: string): Promise<TestSession>
  /** Creates a form-fill session. */
  form(body?: object): Promise<TestSession>
  /** Opens a socket by path; closed when the check ends. */
  line(path: string, options?: LineOptions, base?: string): Promise<Line>
  /** Throws `NotApplicable` unless the server has the fixture's action hooks. */
  needHooks(): Promise<void>
}

export interface Check {
  /** Feature and number: `H-05.3`. */
  readonly id: string
  readonly feature: string
  readonly kind: Kind
  readonly title: string
  /** True when the verdict depends on the wall clock: for foreign servers, not for a test run. */
  readonly timing: boolean
  run(context: Context): Promise<void>
}

type Run = (context: Context) => Promise<void>

/** A fact of the reference. */
export const base = (id: string, title: string, run: Run) => define(id, 'base', title, run, false)

/** A rule that goes further than the reference. */
export const hardening = (id: string, title: string, run: Run) => define(id, 'hardening', title, run, false)

/** The same check, marked as depending on the wall clock. */
export const timed = (check: Check): Check => ({ ...check, timing: true })

function define(id: string, kind: Kind, title: string, run: Run, timing: boolean): Check {
  const feature = id.split('.')[0] ?? id
  return { id, feature, kind, title, timing, run }
}

/** The short-lived instance, or `n/a`. */
export function needShort(context: Context): string {
  if (context.short === undefined) throw new NotApplicable('no short-lived instance given (--short URL)')
  return context.short
}

/** The second node, or `n/a`. */
export function needSecond(context: Context): string {
  if (context.second === undefined) throw new NotApplicable('no second node given (--second URL)')
  return context.second
}

/** Waits. Only for checks that poll or are marked as timed. */
export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Asks again every 200 ms until the answer is good, at most 100 times; the last answer is returned. */
export async function poll<T>(ask: () => Promise<T>, good: (value: T) => boolean): Promise<T> {
  for (let tries = 1; ; tries++) {
    const value = await ask()
    if (good(value) || tries >= 100) return value
    await pause(200)
  }
}
