// Examples of what a server sends.
import type { ListedThread, MessageItem, PendingItem, StreamingItem, ToolItem } from '@parley/threads/client'
import {
  assistant,
  type ContentPart,
  type CreateThread,
  type FormPart,
  type Identity,
  type MessageEvent,
  type Run,
  type ThreadMember,
  text,
  user,
} from '@parley/threads/protocol'

export const ann = user({ id: 'u_ann', name: 'Ann' })
export const bob = user({ id: 'u_bob', name: 'Bob' })
export const helper = assistant({ id: 'helper', name: 'Helper' })

const created_at = '2026-04-01T10:00:00.000000Z'

export function common(seq: number, author: Identity = bob) {
  return {
    id: `evt_${seq}`,
    thread_id: 'th_1',
    seq,
    run_id: null,
    author,
    created_at,
    metadata: {},
    client_id: null,
    recipients: null,
  }
}

type MessageOptions = Partial<Omit<MessageItem, 'event'>> & { seq?: number; author?: Identity }

/** A message of Bob unless somebody else is given. */
export function aMessage(
  content: string | ContentPart[],
  { seq = 1, author = bob, ...rest }: MessageOptions = {},
): MessageItem {
  const parts = typeof content === 'string' ? [text(content)] : content
  const event: MessageEvent = { ...common(seq, author), type: 'message', content: parts }
  return {
    key: event.id,
    kind: 'message',
    event,
    content: parts,
    isEdited: false,
    isDeleted: false,
    answers: {},
    ...rest,
  }
}

export function aPending(content: string, rest: Partial<PendingItem> = {}): PendingItem {
  return { key: 'c1', kind: 'pending', clientId: 'c1', content: [text(content)], recipients: null, ...rest }
}

export function aStream(words: string, target: StreamingItem['target'] = 'message'): StreamingItem {
  return { key: 'evt_9', kind: 'streaming', runId: 'run_1', author: helper, target, text: words }
}

export function aToolCall(rest: Partial<ToolItem> = {}): ToolItem {
  return {
    key: 'evt_5',
    kind: 'tool',
    call: {
      ...common(5, helper),
      type: 'tool.call',
      tool: { id: 'call_1', name: 'search', arguments: { q: 'x' } },
    },
    ...rest,
  }
}

export function aForm(schema: FormPart['schema'], rest: Partial<FormPart> = {}): FormPart {
  return { type: 'form', form_id: 'form_1', schema, status: 'pending', title: 'Booking', ...rest }
}

export function aMember(identity: Identity): ThreadMember {
  const { id } = identity
  return {
    thread_id: 'th_1',
    identity_id: id,
    identity,
    role: 'member',
    added_at: created_at,
    added_by: ann,
    read_seq: 0,
  }
}

export function aRun(rest: Partial<Run> = {}): Run {
  return {
    id: 'run_1',
    thread_id: 'th_1',
    assistant: helper,
    triggered_by: ann,
    status: 'running',
    started_at: created_at,
    running_at: created_at,
    completed_at: null,
    error: null,
    idempotency_key: null,
    metadata: {},
    ...rest,
  }
}

export function aThread(id: string, { tenant = {}, metadata = {} }: CreateThread = {}): ListedThread {
  return { id, tenant, metadata, created_at, updated_at: created_at }
}
