// Events of a session become what people read. No I/O, no time; each event costs the same, however many came before.
import {
  type PendingPermission,
  type PromptQueueState,
  PromptQueueStateSchema,
  rpcErrorText,
  type SessionLog,
} from '../../protocol/index.js'
import { Agent, type AgentFacts } from './facts.js'
import { ItemList } from './item-list.js'
import type { ContentBlock, PlanItem, TimelineItem } from './items.js'
import { blockOf, Messages } from './messages.js'
import { Permissions } from './permissions.js'
import { type Fields, fieldsOf, listOf, textOf } from './read.js'
import { reduceTerminals, type TerminalSessions } from './terminals.js'
import { Tools } from './tools.js'

/** How a session ended. `exitCode` is -1 when it was killed. */
export type EndedSession = { readonly exitCode?: number; readonly reason?: string; readonly message?: string }

/** The turn that runs. */
export type RunningTurn = { readonly turnId?: string; readonly startedAt: string }

/** The last batch of changed files; `count` grows with each batch. */
export type ChangedFiles = {
  readonly count: number
  readonly changes: readonly { readonly path: string; readonly type: string }[]
}

type Taker = (data: Fields, at: string) => void
type Takers = Readonly<Record<string, Taker>>

export class SessionFold {
  readonly #items = new ItemList()
  readonly #messages = new Messages(this.#items)
  readonly #tools = new Tools(this.#items)
  readonly #permissions = new Permissions(this.#items)
  readonly #agent = new Agent()
  #plan: number | undefined
  queue: PromptQueueState | undefined
  turn: RunningTurn | undefined
  ended: EndedSession | undefined
  terminals: TerminalSessions = []
  files: ChangedFiles = { count: 0, changes: [] }
  /** The first prompt, for a title. */
  firstPrompt: string | undefined
  /** Told of each prompt that a turn begins with. */
  onPrompt: (text: string) => void = () => {}

  readonly #events: Takers = {
    rpc: (data, at) => this.#rpc(data, at),
    permission_request: (data, at) => this.#began(this.#permissions.ask(data, at)),
    permission_approved: (data) => this.#permissions.answer(data),
    permission_rejected: (data) => this.#permissions.answer(data),
    permission_responded: (data) => this.#permissions.answer(data),
    permission_cancelled: (data) => this.#permissions.answer(data),
    'queue.updated': (data) => {
      this.queue = PromptQueueStateSchema.safeParse(data).data ?? this.queue
    },
    'queue.paused': () => this.#paused(true),
    'queue.resumed': () => this.#paused(false),
    'terminal.started': (data) => this.#terminal('terminal.started', data),
    'terminal.data': (data) => this.#terminal('terminal.data', data),
    'terminal.exit': (data) => this.#terminal('terminal.exit', data),
    'filesystem.changed': (data) => this.#filesChanged(data),
    'session.terminated': (data, at) => this.#terminated(data, at),
    error: ({ message }, at) => this.#failed(textOf(message) ?? 'error', at),
    // Callbacks of the original say once more what is known; answers to questions are no part of what happened.
    ...Object.fromEntries(
      ['end_turn', 'agent_message', 'filesystem.snapshot', 'file.preview'].map((type) => [type, () => {}]),
    ),
    // Older logs.
    session_update: (data, at) => this.#update(data, at),
    prompt_sent: ({ text }, at) => this.#prompted(textOf(text) ?? '', [], at),
    prompt_completed: (data, at) => this.#turnEnded(data, at),
    killed: (data, at) => this.#terminated(data, at),
  }

  readonly #updates: Takers = {
    agent_message_chunk: (update, at) => this.#messages.chunk('message', update, at),
    agent_thought_chunk: (update, at) => this.#messages.chunk('thought', update, at),
    user_message_chunk: (update, at) => this.#messages.chunk('prompt', update, at),
    tool_call: (update, at) => this.#began(this.#tools.call(update, at)),
    tool_call_update: (update, at) => this.#began(this.#tools.update(update, at)),
    plan: (update, at) => this.#planned(update, at),
    notice: (update, at) => this.#notice('notice', update, at),
  }

  /** The same array until something changes. */
  get timeline(): readonly TimelineItem[] {
    return this.#items.value
  }

  /** Open questions, oldest first. */
  get pendingPermissions(): readonly PendingPermission[] {
    return this.#permissions.open
  }

  get facts(): AgentFacts {
    return this.#agent.facts
  }

  take({ type, data, timestamp }: SessionLog): void {
    const taker = Object.hasOwn(this.#events, type) ? this.#events[type] : undefined
    if (taker) taker(data, timestamp)
    else this.#notice(type, data, timestamp)
  }

  /** The session is over: nothing is answered or goes on any more. Calling it again adds what was not known. */
  end({ exitCode, reason, message }: Fields = {}): void {
    this.ended = {
      ...this.ended,
      ...(typeof exitCode === 'number' && { exitCode }),
      ...(typeof reason === 'string' && { reason }),
      ...(typeof message === 'string' && { message }),
    }
    this.turn = undefined
    this.#permissions.end()
    this.#tools.end()
  }

  #rpc({ method, direction, phase, payload, turnId }: Fields, at: string): void {
    const fields = fieldsOf(payload)
    const isOurs = direction === 'client_to_agent'
    if (method === 'session/update') this.#update(fieldsOf(fields.update), at)
    else if (phase === 'request' && isOurs && method === 'session/prompt') {
      const blocks = listOf(fields.prompt) ?? []
      const text = blocks.map((block) => textOf(block.text) ?? '').join('')
      this.#prompted(text, others(blocks), at, textOf(turnId))
    } else if (phase === 'request' && isOurs) this.#agent.asked(method, fields)
    else if (phase === 'request' && method === 'session/request_permission')
      this.#began(this.#tools.asked(fieldsOf(fields.toolCall), at))
    else if (phase === 'response' && !isOurs) {
      if (method === 'session/prompt') this.#turnEnded(fields, at)
      else this.#agent.answered(method, fields)
    }
  }

  #update(update: Fields, at: string): void {
    const kind = textOf(update.sessionUpdate) ?? ''
    const taker = Object.hasOwn(this.#updates, kind) ? this.#updates[kind] : undefined
    if (taker) taker(update, at)
    else this.#agent.told(update)
  }

  #prompted(text: string, blocks: readonly ContentBlock[], at: string, turnId?: string): void {
    this.#tools.nextTurn()
    this.#plan = undefined
    this.firstPrompt ??= text
    const turn = { ...(turnId !== undefined && { turnId }) }
    this.turn = { startedAt: at, ...turn }
    this.#messages.prompt(text, blocks, { at, ...turn })
    this.onPrompt(text)
  }

  #turnEnded({ stopReason, error }: Fields, at: string): void {
    const { startedAt = at, turnId } = this.turn ?? {}
    const { message, data } = fieldsOf(error)
    const failure = typeof message === 'string' ? rpcErrorText({ message, data }) : textOf(error)
    this.turn = undefined
    this.#tools.end()
    this.#add({
      key: this.#items.nextKey('turn'),
      at,
      kind: 'turn',
      startedAt,
      stopReason: error === undefined ? (textOf(stopReason) ?? 'end_turn') : 'error',
      ...(turnId !== undefined && { turnId }),
      ...(failure !== undefined && { error: failure }),
    })
  }

  #planned({ entries }: Fields, at: string): void {
    const known = this.#plan === undefined ? undefined : this.#items.at(this.#plan)
    const plan: PlanItem = {
      key: known?.key ?? this.#items.nextKey('plan'),
      at: known?.at ?? at,
      kind: 'plan',
      entries: (listOf(entries) ?? []).map(({ content, priority, status }) => ({
        content: textOf(content) ?? '',
        priority: textOf(priority) ?? 'medium',
        status: textOf(status) ?? 'pending',
      })),
    }
    if (this.#plan === undefined) this.#plan = this.#add(plan)
    else this.#items.replace(this.#plan, plan)
  }

  #terminated(data: Fields, at: string): void {
    this.end(data)
    this.#notice('session.terminated', data, at)
  }

  #failed(message: string, at: string): void {
    const { last } = this.#items
    // The end of the turn says it already.
    if (last?.kind === 'turn' && last.error !== undefined && message.includes(last.error)) return
    this.#add({ key: this.#items.nextKey('error'), at, kind: 'error', message })
  }

  #notice(type: string, data: Fields, at: string): void {
    this.#add({ key: this.#items.nextKey('notice'), at, kind: 'notice', type, data })
  }

  #paused(paused: boolean): void {
    this.queue = this.queue && { ...this.queue, paused }
  }

  #terminal(type: string, data: Fields): void {
    this.terminals = reduceTerminals(this.terminals, { type, data })
  }

  #filesChanged({ changes }: Fields): void {
    const named = (listOf(changes) ?? []).map(({ path, type }) => ({
      path: textOf(path) ?? '',
      type: textOf(type) ?? 'modified',
    }))
    this.files = { count: this.files.count + 1, changes: named }
  }

  #add(item: TimelineItem): number {
    this.#began(true)
    return this.#items.add(item)
  }

  /** Something new stands at the end: whoever writes begins a new message after it. */
  #began(isNew: boolean): void {
    if (isNew) this.#messages.close()
  }
}

const others = (blocks: readonly Fields[]): ContentBlock[] =>
  blocks.flatMap((block) => (block.type === 'text' ? [] : (blockOf(block) ?? [])))
