import type { SessionInfo } from '../../protocol/messages.js'
import type { PagePromptOptions } from '../../protocol/prompt/build.js'
import { edgeOf, type Stop } from '../edge.js'
import type { EventType, HandshakeEvents } from '../events.js'
import { type ClientOptions, HandshakeClient } from '../handshake-client.js'
import { HandshakeError } from '../handshake-error.js'
import { type ControlGroup, groupControls } from './control.js'
import { FormState } from './form-state.js'
import { browserPage, controlsOf, elementsOf, isOurs } from './page.js'
import { SessionMemory, type StorageLike } from './session-memory.js'
import { Typing } from './typing.js'

/** How a form is bound. Everything has a default. */
export type BindOptions = ClientOptions & {
  /** Uses this client; the options of a client are ignored then. */
  client?: HandshakeClient
  /** Default `form-fill`. */
  mode?: string
  /** Default: the page's title, as `title`. */
  meta?: Record<string, unknown>
  /** Where the session is remembered for a reload; null for nowhere. Default `sessionStorage`. */
  storage?: StorageLike | null
  /** Default: made of the page's path and the form's id or name. */
  storageKey?: string
  /** Class of controls that the agent wrote. Default `handshake-filled`. */
  className?: string
  /** How long typing has to rest before it is reported; the first change is reported at once. Default 250. */
  restMs?: number
}

/** A form that an agent can help with. */
export type FormBinding = {
  readonly client: HandshakeClient
  readonly session: SessionInfo
  /** The text for the user to paste into an assistant. */
  prompt(options?: PagePromptOptions): string
  /** Puts that text on the clipboard. False when the browser does not allow it. */
  copyPrompt(options?: PagePromptOptions): Promise<boolean>
  /** Ends the session for everybody. Throws a `HandshakeError`, and is then still bound. */
  revoke(): Promise<void>
  /** Unbinds the form. The session lives on; binding the form again in this tab resumes it. */
  stop(): void
  /** As `HandshakeClient.on`. */
  on<T extends EventType>(type: T, listener: (event: HandshakeEvents[T]) => void): Stop
}

/**
 * Lets an agent help with a form: makes a session from its controls (or goes on with the one of before a reload),
 * shows what the agent writes, and reports what the user writes. The user always wins. Passwords, files, hidden
 * controls, card numbers and everything under `data-handshake="off"` stay out. Throws a `HandshakeError` when
 * the session can't be created, or a remembered one can't be read just now.
 */
export async function bindForm(form: HTMLFormElement, options: BindOptions = {}): Promise<FormBinding> {
  const bound = new BoundForm(form, options)
  await bound.begin()
  return bound
}

/**
 * As `bindForm`, but makes no session: goes on with the one of before a reload. Undefined when there was none, or it
 * is over. For pages where the user decides when to hand a form over, and a reload alone is no such decision.
 */
export async function resumeForm(
  form: HTMLFormElement,
  options: BindOptions = {},
): Promise<FormBinding | undefined> {
  const bound = new BoundForm(form, options)
  return (await bound.resume()) ? bound : undefined
}

class BoundForm implements FormBinding {
  readonly client: HandshakeClient
  readonly #form: HTMLFormElement
  readonly #options: BindOptions
  readonly #groups: ControlGroup[]
  readonly #state: FormState
  readonly #typing: Typing
  readonly #memory: SessionMemory
  readonly #stops: Stop[] = []

  constructor(form: HTMLFormElement, options: BindOptions) {
    this.#form = form
    this.#options = options
    this.client = options.client ?? new HandshakeClient(options)
    this.#groups = groupControls(controlsOf(form))
    this.#state = new FormState(this.#groups, browserPage(form, options.className ?? 'handshake-filled'))
    const { timers } = edgeOf(options)
    this.#typing = new Typing(options.restMs ?? 250, timers, (key) => this.#report(key))
    this.#memory = new SessionMemory(storageOf(options), options.storageKey ?? storageKeyOf(form))
  }

  get session(): SessionInfo {
    // `begin` has made one before anybody gets hold of this.
    return this.client.session as SessionInfo
  }

  async begin(): Promise<void> {
    if (await this.resume()) return
    await this.#create()
    this.#start()
  }

  /** False when there is no session to go on with. */
  async resume(): Promise<boolean> {
    const remembered = this.#memory.recall(this.#state.keys)
    const isResumed = remembered !== undefined && (await this.#resume(remembered))
    if (isResumed) this.#start()
    return isResumed
  }

  prompt(options?: PagePromptOptions): string {
    return this.client.buildPrompt(options)
  }

  copyPrompt(options?: PagePromptOptions): Promise<boolean> {
    return this.client.copyPrompt(options)
  }

  async revoke(): Promise<void> {
    await this.client.revoke()
    this.#memory.forget()
    this.stop()
  }

  stop(): void {
    this.#typing.flushAll()
    for (const stop of this.#stops.splice(0)) stop()
    this.client.disconnect()
  }

  on<T extends EventType>(type: T, listener: (event: HandshakeEvents[T]) => void): Stop {
    return this.client.on(type, listener)
  }

  #start(): void {
    this.#listenToServer()
    this.#listenToUser()
    this.client.connect()
  }

  async #create(): Promise<void> {
    const { mode = 'form-fill', meta = { title: this.#form.ownerDocument.title } } = this.#options
    const session = await this.client.createSession({
      mode,
      meta,
      schema: this.#state.schema(),
      context: this.#state.start(),
    })
    this.#memory.keep(session, this.#state.keys)
  }

  /** False when the session is over, so that a new one is needed. */
  async #resume(session: SessionInfo): Promise<boolean> {
    this.client.resume(session)
    try {
      await this.#restore()
      return true
    } catch (error) {
      if (!(error instanceof HandshakeError) || error.status === undefined || error.status >= 429) throw error
      this.#memory.forget()
      return false
    }
  }

  async #restore(): Promise<void> {
    const answer = await this.client.getContext()
    if (!('context' in answer)) return
    const late = Object.entries(this.#memory.takeLate())
    // A wire record; the union with other modes hides it from the compiler.
    const context = { ...(answer.context as Parameters<FormState['restore']>[0]) }
    for (const [key, value] of late) context[key] = { value, by: 'user', at: '' }
    const unknown = this.#state.restore(context)
    this.client.resume(this.session, { after: answer.seq ?? 0 })
    for (const key of unknown) void this.client.notifyUserEdit(key, this.#state.valueOf(key))
    for (const [key, value] of late) void this.client.notifyUserEdit(key, value)
  }

  #listenToServer(): void {
    this.#stops.push(
      this.client.on('action', ({ key, value }) => this.#show(key, value)),
      this.client.on('done', ({ values = {} }) => {
        for (const [key, value] of Object.entries(values)) this.#show(key, value)
      }),
      this.client.on('history_gone', () => void this.#catchUp()),
      this.client.on('status', ({ status }) => {
        if (status === 'ended') this.#memory.forget()
      }),
    )
  }

  #show(key: string, value: unknown): void {
    const shown = this.#state.agentWrote(key, value)
    // The server let the agent write since it does not know yet that the field is the user's.
    if (shown === 'kept') void this.client.notifyUserEdit(key, this.#state.valueOf(key))
  }

  /** Shows what the agent wrote in frames that are gone. */
  async #catchUp(): Promise<void> {
    const answer = await this.client.getContext().catch(() => undefined)
    if (!answer || !('context' in answer)) return
    for (const [key, { value, by }] of Object.entries(
      answer.context as Parameters<FormState['restore']>[0],
    )) {
      if (by === 'ai') this.#show(key, value)
    }
  }

  #listenToUser(): void {
    for (const group of this.#groups) {
      for (const element of elementsOf(group)) this.#listenToControl(element, group.key)
    }
    this.#listen(this.#form, 'reset', () => this.#afterReset())
    const view = this.#form.ownerDocument.defaultView
    if (view) this.#listen(view, 'pagehide', () => this.#leave())
  }

  // WHY: what is sent while a page goes away may never leave the browser; a reload tells the rest from memory.
  #leave(): void {
    const late = this.#typing.behind.map((key) => [key, this.#state.valueOf(key)] as const)
    if (late.length > 0) this.#memory.keepLate(Object.fromEntries(late))
    this.#typing.flushAll()
  }

  #listenToControl(element: HTMLElement, key: string): void {
    this.#listen(element, 'input', () => this.#typing.touch(key))
    this.#listen(element, 'change', () => {
      this.#typing.flush(key)
      this.#report(key)
    })
    this.#listen(element, 'blur', () => {
      this.#typing.flush(key)
      this.#state.left(key)
    })
  }

  #listen(target: EventTarget, type: string, listener: () => void): void {
    const guarded = (event: Event) => {
      if (!isOurs(event)) listener()
    }
    target.addEventListener(type, guarded)
    this.#stops.push(() => target.removeEventListener(type, guarded))
  }

  // The event comes before the controls change.
  #afterReset(): void {
    edgeOf(this.#options).timers.after(0, () => {
      for (const key of this.#state.keys) this.#report(key)
    })
  }

  #report(key: string): void {
    const edit = this.#state.userEdited(key)
    if (edit) void this.client.notifyUserEdit(key, edit.value)
  }
}

function storageOf({ storage }: BindOptions): StorageLike | null {
  if (storage !== undefined) return storage
  try {
    return globalThis.sessionStorage ?? null
  } catch {
    // OUTSIDE: reading the property throws where the browser forbids storage.
    return null
  }
}

function storageKeyOf(form: HTMLFormElement): string {
  const name = form.id || form.getAttribute('name') || Array.from(form.ownerDocument.forms).indexOf(form)
  return `handshake:${form.ownerDocument.location?.pathname ?? ''}:${name}`
}
