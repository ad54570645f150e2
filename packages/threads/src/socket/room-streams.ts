import type { StreamStart, ThreadEvent } from '../protocol/index.js'
import { type Changed, tellChanged } from '../service/changes.js'
import type { ThreadsDeps } from '../service/deps.js'
import { streamOf } from '../service/events.js'
import type { StreamBegun, StreamWritten } from '../service/runs/streams/words.js'
import type { PushToRoom, RoomPart } from './room-part.js'
import type { Visitor } from './visitor.js'

/** How often a room asks for what it missed. */
const askEveryMs = 250

/** What is being written, and as much of its text as was pushed. */
type OpenStream = { start: StreamStart; text: string }

export type RoomStreamsOptions = {
  deps: Pick<ThreadsDeps, 'ground' | 'store'>
  threadId: string
  push: PushToRoom
}

/**
 * The text that assistants write now, pushed as it comes. Words may come twice, not at all, or after the end; what is
 * pushed goes on exactly where the last push ended, and the log says how a stream ends.
 */
export class RoomStreams implements RoomPart {
  readonly #options: RoomStreamsOptions
  /** By the id of the event that it will be. */
  readonly #open = new Map<string, OpenStream>()
  #askedAt: number | undefined

  constructor(options: RoomStreamsOptions) {
    this.#options = options
  }

  /** What began before the room was there was told to others only. */
  async onOpened(): Promise<void> {
    const { deps, threadId } = this.#options
    const active = await deps.store.listRuns(threadId, { activeOnly: true, limit: 1 })
    if (active.length > 0) this.#ask()
  }

  async onSignal(changed: Changed): Promise<void> {
    if (changed.changed === 'stream.begun') await this.#begun(changed)
    if (changed.changed === 'stream.written') this.#written(changed)
  }

  onJoined({ socket }: Visitor): void {
    const { threadId } = this.#options
    for (const [event_id, { start, text }] of this.#open) {
      socket.emit('stream:start', start)
      if (text) socket.emit('stream:delta', { event_id, thread_id: threadId, text, offset: 0 })
    }
  }

  beforeEvent(event: ThreadEvent): void {
    const stream = this.#open.get(event.id)
    if (stream) {
      this.#write(event.id, stream, textOf(event).slice(stream.text.length))
      this.#end(event.id, null)
    }
    const error = errorOf(event)
    if (!error) return
    for (const [id, { start }] of this.#open) if (start.run_id === event.run_id) this.#end(id, error)
  }

  close(): void {
    this.#open.clear()
  }

  async #begun({ event_id, run_id, target_type, author }: StreamBegun): Promise<void> {
    if (this.#open.has(event_id) || (await this.#isOver(event_id, run_id))) return
    const { threadId, push } = this.#options
    const start: StreamStart = { event_id, thread_id: threadId, run_id, target_type, author }
    this.#open.set(event_id, { start, text: '' })
    push('stream:start', start)
  }

  // WHY: a late word must not open what has ended: nothing would end it again. The log was read before, so what is not
  //      over now is ended by an event that is still to come.
  async #isOver(eventId: string, runId: string): Promise<boolean> {
    const { deps, threadId } = this.#options
    const run = await deps.store.findRun(runId)
    return (
      run?.status !== 'running' || (await deps.ground.log.find(streamOf(threadId), eventId)) !== undefined
    )
  }

  #written({ event_id, offset, text }: StreamWritten): void {
    const stream = this.#open.get(event_id)
    if (!stream || offset > stream.text.length) this.#ask()
    else this.#write(event_id, stream, text.slice(stream.text.length - offset))
  }

  #write(event_id: string, stream: OpenStream, text: string): void {
    if (text === '') return
    const { threadId, push } = this.#options
    push('stream:delta', { event_id, thread_id: threadId, text, offset: stream.text.length })
    stream.text += text
  }

  #end(event_id: string, error: { code: string; message: string } | null): void {
    this.#open.delete(event_id)
    this.#options.push('stream:end', { event_id, thread_id: this.#options.threadId, error })
  }

  /** Asks whoever writes here for what this room has not got. */
  #ask(): void {
    const { deps, threadId } = this.#options
    const now = deps.ground.clock.now()
    if (this.#askedAt !== undefined && Math.abs(now - this.#askedAt) < askEveryMs) return
    this.#askedAt = now
    const have = Object.fromEntries([...this.#open].map(([id, { text }]) => [id, text.length]))
    tellChanged(deps, threadId, { changed: 'stream.wanted', have })
  }
}

/** The text that an event was streamed as. */
function textOf(event: ThreadEvent): string {
  if (event.type === 'reasoning') return event.content
  if (event.type !== 'message') return ''
  const [first] = event.content
  // The cast: parts of types that this version does not know have members of any type.
  return first?.type === 'text' ? (first.text as string) : ''
}

/** Why a run's streams end with this event, if it is one that ends runs. */
function errorOf(event: ThreadEvent): { code: string; message: string } | undefined {
  if (event.type === 'run.failed') return { code: event.error.code, message: event.error.message }
  if (event.type === 'run.cancelled') return { code: 'cancelled', message: 'the run was cancelled' }
  return undefined
}
