// What the server pushes, read and handed to the thread it is about.
import {
  isJsonObject,
  MembersUpdated,
  PresenceUpdated,
  ReadUpdated,
  Run,
  StreamDelta,
  type StreamDelta as StreamDeltaFrame,
  StreamEnd,
  StreamStart,
  Thread,
  ThreadDeleted,
  ThreadLeft,
  Typing,
} from '../../protocol/index.js'
import { readEvent } from '../received.js'
import type { AnyThreadEvent } from '../types.js'

/** A delta; older servers send no `offset`, theirs goes to the end. */
export type Delta = Omit<StreamDeltaFrame, 'offset'> & { offset: number | undefined }

/** Payloads by the name of their event. */
export type Frames = {
  event: AnyThreadEvent
  'thread:updated': Thread
  'members:updated': MembersUpdated
  'run:updated': Run
  'thread:deleted': ThreadDeleted
  'thread:left': ThreadLeft
  'stream:start': StreamStart
  'stream:delta': Delta
  'stream:end': StreamEnd
  'presence:updated': PresenceUpdated
  typing: Typing
  'read:updated': ReadUpdated
}

/** What a thread does with each. */
export type FrameHandlers = { readonly [Name in keyof Frames]: (payload: Frames[Name]) => void }

const readers: { readonly [Name in keyof Frames]: (payload: unknown) => Frames[Name] } = {
  event: readEvent,
  'thread:updated': (payload) => Thread.parse(payload),
  'members:updated': (payload) => MembersUpdated.parse(payload),
  'run:updated': (payload) => Run.parse(payload),
  'thread:deleted': (payload) => ThreadDeleted.parse(payload),
  'thread:left': (payload) => ThreadLeft.parse(payload),
  'stream:start': (payload) => StreamStart.parse(payload),
  'stream:delta': readDelta,
  'stream:end': (payload) => StreamEnd.parse(payload),
  'presence:updated': (payload) => PresenceUpdated.parse(payload),
  typing: (payload) => Typing.parse(payload),
  'read:updated': (payload) => ReadUpdated.parse(payload),
}

/** Hands a push to its thread. What can't be read is dropped: a lost event is found missing by its number. */
export function deliver(
  name: string,
  payload: unknown,
  find: (threadId: string) => FrameHandlers | undefined,
): void {
  if (!isFrameName(name) || !isJsonObject(payload)) return
  const threadId = name === 'thread:updated' ? payload.id : payload.thread_id
  const handlers = typeof threadId === 'string' ? find(threadId) : undefined
  if (handlers) handOver(name, payload, handlers)
}

function handOver<Name extends keyof Frames>(name: Name, payload: unknown, handlers: FrameHandlers): void {
  const frame = attempt(() => readers[name](payload))
  if (frame !== undefined) handlers[name](frame)
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

const isFrameName = (name: string): name is keyof Frames => Object.hasOwn(readers, name)

function readDelta(payload: unknown): Delta {
  const hasOffset = isJsonObject(payload) && payload.offset !== undefined && payload.offset !== null
  if (hasOffset || !isJsonObject(payload)) return StreamDelta.parse(payload)
  return { ...StreamDelta.parse({ ...payload, offset: 0 }), offset: undefined }
}
