import { parseServerFrame, type ServerFrame } from '../protocol/frames.js'
import type {
  ContextAnswer,
  CreateSessionRequest,
  DiffAnswer,
  ExtendAnswer,
  RevokeAnswer,
} from '../protocol/messages.js'
import { SessionInfo } from '../protocol/messages.js'
import { withoutSlash } from '../protocol/prompt/address.js'
import { buildHandshakePrompt, type PagePromptOptions } from '../protocol/prompt/build.js'
import { type Edge, edgeOf, type Stop } from './edge.js'
import type { Edit } from './edit-queue.js'
import { EditSender, type Posted } from './edit-sender.js'
import { Emitter } from './emitter.js'
import type { ConnectionStatus, EventType, HandshakeEvents } from './events.js'
import { HandshakeError } from './handshake-error.js'
import { type Call, callForAnswer, callJson } from './http.js'
import { LiveSocket, type ReconnectOptions } from './live-socket.js'
import { pageHeaders, socketProtocols, socketUrl } from './session-address.js'

/** How a page reaches the server. */
export type ClientOptions = {
  /** Default: the page's origin. Required outside a page. */
  baseUrl?: string
  /** Default `/handshake`. Used for creating only: the server's answer names all other paths. */
  prefix?: string
  /** Not used; the server's answer names the path. */
  wsPrefix?: string
  /** Default: the global one. */
  fetch?: Edge['fetch']
  /** Default: the global one. Node before version 22 has none: pass that of `ws`. */
  WebSocket?: Edge['WebSocket']
  /** Default: connect again with growing pauses. */
  reconnect?: ReconnectOptions | boolean
  /** Sends the token in the socket's address, for servers of the original line. Default false. */
  queryToken?: boolean
  timers?: Edge['timers']
  random?: Edge['random']
}

/**
 * The page's side of a session: creates it, follows it, and tells the server what the user edits. Frames arrive
 * once and in order, also over a broken connection.
 */
export class HandshakeClient {
  /** The session that was created or resumed last. `expiresIn` is what the server said last. */
  session: SessionInfo | null = null
  readonly baseUrl: string
  readonly #prefix: string
  readonly #options: ClientOptions
  readonly #edge: Edge
  readonly #events = new Emitter<HandshakeEvents>()
  readonly #edits: EditSender
  #socket: LiveSocket | undefined
  #mode: string | undefined
  /** The last frame of the log that arrived; a new connection continues after it. */
  #cursor = 0
  /** Text of the `error` frame that arrived last, while nothing has followed it. */
  #refusal: string | undefined

  constructor(options: ClientOptions = {}) {
    this.#options = options
    this.#edge = edgeOf(options)
    this.baseUrl = withoutSlash(options.baseUrl ?? globalThis.location?.origin ?? '')
    this.#prefix = withoutSlash(options.prefix ?? '/handshake')
    this.#edits = new EditSender(
      {
        send: (edit) => this.#sendEdit(edit),
        post: (edit) => this.#postEdit(edit),
        lost: ({ key }) => this.#error(`the server does not take the edit of ${key}`),
      },
      this.#edge.timers,
    )
  }

  /** Number of the last frame that arrived. Give it to `resume` as `after`. */
  get cursor(): number {
    return this.#cursor
  }

  /** Creates a session and makes it this client's. Throws a `HandshakeError`: `createSession failed: <status>`. */
  async createSession(request: CreateSessionRequest = {}): Promise<SessionInfo> {
    const session = SessionInfo.parse(await this.#create(request))
    this.resume(session)
    this.#mode = request.mode
    return session
  }

  async #create(request: CreateSessionRequest): Promise<unknown> {
    const url = `${this.baseUrl}${this.#prefix}/session`
    try {
      return await callJson(this.#edge, { method: 'POST', url, body: request, credentials: 'include' })
    } catch (cause) {
      if (!(cause instanceof HandshakeError) || cause.status === undefined) throw cause
      throw new HandshakeError(`createSession failed: ${cause.status}`, {
        status: cause.status,
        body: cause.body,
        retryAfter: cause.retryAfter,
        cause,
      })
    }
  }

  /** Goes on with a session that was created earlier, from the frame behind `after` (default: all frames). */
  resume(session: SessionInfo, { after = 0 }: { after?: number } = {}): void {
    this.disconnect()
    if (this.session?.sessionId !== session.sessionId) this.#edits.clear()
    this.session = session
    this.#cursor = after
  }

  /**
   * Opens the socket and keeps it open. Called again, it returns the one there is. Throws without a session, and
   * where there is no WebSocket.
   */
  connect(): LiveSocket {
    const session = this.#mustHave('connect')
    this.#socket ??= this.#open(session)
    return this.#socket
  }

  /** Closes the socket. User edits go over HTTP until `connect` is called again. */
  disconnect(): void {
    this.#edits.stop()
    this.#refusal = undefined
    this.#socket?.close()
  }

  /** Listens for frames of one type, or for `status`. Returns how to stop. What a listener throws is swallowed. */
  on<T extends EventType>(type: T, listener: (event: HandshakeEvents[T]) => void): Stop {
    return this.#events.on(type, listener)
  }

  /**
   * Tells the server what the user wrote: over the socket when it is open, else over HTTP. Resolves after the
   * first attempt; an edit that could not be sent stays queued and is sent later. Never rejects.
   */
  notifyUserEdit(key: string, value: unknown): Promise<void> {
    if (!this.session) return Promise.resolve()
    return this.#edits.submit({ key, value: value ?? null })
  }

  /** True while an edit of this key waits to be sent. */
  isEditPending(key: string): boolean {
    return this.#edits.isPending(key)
  }

  /**
   * Reads the state of the session. `seq` is the frame it includes: `resume` with it as `after` misses nothing. Throws
   * a `HandshakeError`.
   */
  async getContext(): Promise<ContextAnswer> {
    const call = this.#toCall('GET', this.#mustHave('getContext').contextUrl)
    const { body, headers } = await callForAnswer(this.#edge, call)
    this.#remaining(body.expiresIn)
    // The server keeps the body to the members of the contract, and says in a header where its log stands.
    const head = headers.get('X-Handshake-Seq')
    return { ...(head !== null && { seq: Number(head) }), ...body } as ContextAnswer
  }

  /** Reads what changed: after `sinceSeq`, else after the time `since`, else the last 50. Throws a `HandshakeError`. */
  getDiff(options: { since?: string; sinceSeq?: number } = {}): Promise<DiffAnswer> {
    const query = new URLSearchParams()
    if (options.since) query.set('since', options.since)
    if (options.sinceSeq !== undefined) query.set('sinceSeq', String(options.sinceSeq))
    const { diffUrl } = this.#mustHave('getDiff')
    return this.#call('GET', query.size > 0 ? `${diffUrl}?${query}` : diffUrl)
  }

  /** Asks for more time. Throws a `HandshakeError`. */
  async extend({ extraSeconds = 1800 }: { extraSeconds?: number } = {}): Promise<ExtendAnswer> {
    const path = this.#mustHave('extend').extendUrl ?? `${this.#sessionPath()}/extend`
    const answer = await this.#call<ExtendAnswer>('POST', path, { extraSeconds })
    this.#remaining(answer.expiresIn)
    return answer
  }

  /** Ends the session for everybody and closes the socket. Throws a `HandshakeError`. */
  async revoke(): Promise<RevokeAnswer> {
    const answer = await this.#call<RevokeAnswer>('DELETE', this.#sessionPath())
    this.disconnect()
    return answer
  }

  /** The text for the user to paste into an assistant. */
  buildPrompt(options: PagePromptOptions = {}): string {
    return buildHandshakePrompt(this.#mustHave('buildPrompt'), this.baseUrl, { mode: this.#mode, ...options })
  }

  /** Puts the prompt on the clipboard. False when the browser does not allow it. */
  async copyPrompt(options: PagePromptOptions = {}): Promise<boolean> {
    const text = this.buildPrompt(options)
    try {
      await globalThis.navigator.clipboard.writeText(text)
      return true
    } catch {
      return false
    }
  }

  #mustHave(method: string): SessionInfo {
    if (this.session) return this.session
    const hint = method === 'connect' ? 'no session; call createSession() first' : `${method}: no session`
    throw new Error(hint)
  }

  #sessionPath(): string {
    const { contextUrl, sessionId } = this.#mustHave('session')
    const end = contextUrl.lastIndexOf('/context/')
    return `${end < 0 ? this.#prefix : contextUrl.slice(0, end)}/session/${encodeURIComponent(sessionId)}`
  }

  async #call<T>(method: Call['method'], path: string, body?: unknown): Promise<T> {
    // Answers of the server are passed on as they came.
    return (await callJson(this.#edge, this.#toCall(method, path, body))) as T
  }

  #toCall(method: Call['method'], path: string, body?: unknown): Call {
    const headers = pageHeaders(this.#mustHave(method))
    return { method, url: `${this.baseUrl}${path}`, headers, body, credentials: 'include' }
  }

  #open(session: SessionInfo): LiveSocket {
    const { WebSocket } = this.#edge
    if (!WebSocket) throw new Error('there is no WebSocket here; pass one to the constructor')
    const { reconnect = true, queryToken = false } = this.#options
    this.#status('connecting')
    const socket: LiveSocket = new LiveSocket({
      edge: { ...this.#edge, WebSocket },
      url: () => socketUrl(this.baseUrl, session, this.#cursor, queryToken),
      protocols: socketProtocols(session, queryToken),
      reconnect: reconnect === true ? {} : reconnect,
      onOpen: () => this.#opened(),
      onText: (text) => this.#received(text),
      onError: () => this.#error('websocket error'),
      onClose: (code) => this.#closed(code),
      onWaiting: () => this.#status('waiting'),
      onEnd: () => this.#ended(),
    })
    return socket
  }

  #opened(): void {
    this.#refusal = undefined
    this.#status('open')
    void this.#edits.flush()
  }

  #received(text: string): void {
    const frame = parseServerFrame(text)
    if (frame && this.#isNews(frame)) this.#deliver(frame)
  }

  /** Moves the cursor. False for a frame that arrived before. */
  #isNews(frame: ServerFrame): boolean {
    if (frame.type === 'connected') {
      // A head before the cursor belongs to a log that began anew: what comes now is not a repeat.
      if (frame.seq !== undefined) this.#cursor = Math.min(this.#cursor, frame.seq)
      return true
    }
    if (frame.type === 'history_gone') {
      this.#cursor = Math.max(this.#cursor, frame.seq - 1)
      return true
    }
    if (!('seq' in frame) || typeof frame.seq !== 'number') return true
    if (frame.seq <= this.#cursor) return false
    this.#cursor = frame.seq
    return true
  }

  #deliver(frame: ServerFrame): void {
    if (frame.type === 'connected') {
      this.#socket?.proven()
      this.#mode = frame.mode ?? this.#mode
    }
    this.#refusal = frame.type === 'error' ? frame.msg : undefined
    if (frame.type === 'extended') this.#remaining(frame.expiresIn)
    // `Emitter` pairs types and frames; the compiler does not follow a union through it.
    this.#events.emit(frame.type, frame as never)
  }

  /** The server said how many seconds the session has left. */
  #remaining(seconds: unknown): void {
    if (this.session && typeof seconds === 'number') this.session = { ...this.session, expiresIn: seconds }
  }

  /** The contract refuses with an `error` frame and code 1000. Everything else may work next time. */
  #closed(code: number): 'retry' | 'end' {
    if (code === 1000 && this.#refusal !== undefined) return 'end'
    this.#edits.socketLost()
    return 'retry'
  }

  #ended(): void {
    this.#socket = undefined
    const reason = this.#refusal
    this.#status(reason === undefined ? 'closed' : 'ended', reason)
  }

  #status(status: ConnectionStatus, reason?: string): void {
    this.#events.emit('status', { type: 'status', status, ...(reason && { reason }) })
  }

  #error(msg: string): void {
    this.#events.emit('error', { type: 'error', msg })
  }

  #sendEdit({ key, value }: Edit): boolean {
    if (this.#socket?.readyState !== 1) return false
    this.#socket.send(JSON.stringify({ type: 'userEdit', key, value }))
    return true
  }

  async #postEdit(edit: Edit): Promise<Posted> {
    const url = `${this.baseUrl}${this.#mustHave('notify').notifyUrl}`
    try {
      await callJson(this.#edge, { method: 'POST', url, body: edit, credentials: 'include' })
      return 'sent'
    } catch (error) {
      return toPosted(error)
    }
  }
}

/** Which failures of an edit pass by themselves: no answer, an overload, a fault of the server. */
function toPosted(error: unknown): Posted {
  if (!(error instanceof HandshakeError)) return 'refused'
  const { status = 0, retryAfter } = error
  if (status === 429) return { retryAfterMs: (retryAfter ?? 1) * 1000 }
  return status === 0 || status === 408 || status >= 500 ? {} : 'refused'
}
