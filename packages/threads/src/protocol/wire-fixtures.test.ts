import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { ZodMiniType } from 'zod/mini'
import * as answers from './answers.js'
import { parseEvent, ThreadEvent } from './events.js'
import * as frames from './frames.js'
import { ReceivedIdentity } from './identity.js'
import { ListedThread, pageOf, Run, Thread, ThreadMember } from './objects.js'
import * as requests from './requests.js'
import * as socket from './socket-requests.js'

const folder = fileURLToPath(new URL('../../fixtures/wire/0.2/', import.meta.url))
const examples = readdirSync(folder).map((name) => name.replace(/\.json$/, ''))
const exampleOf = (name: string): object => JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8'))

/** Which schema reads which example of what a server sends; events are those whose names begin with `event-`. */
const schemas: Record<string, ZodMiniType> = {
  'identity-user': ReceivedIdentity,
  'identity-assistant': ReceivedIdentity,
  'identity-system': ReceivedIdentity,
  thread: Thread,
  member: ThreadMember,
  run: Run,
  'run-failed': Run,
  'page-threads': pageOf(Thread),
  'page-threads-unread': pageOf(ListedThread),
  'page-events': pageOf(answers.AnyEvent),
  'invoke-answer': answers.InvokeAnswer,
  'error-answer': answers.ErrorBody,
  'ack-join': answers.JoinAnswer,
  'ack-leave': answers.LeaveAnswer,
  'ack-send': answers.SendAnswer,
  'ack-cancel': answers.CancelAnswer,
  'ack-delete': answers.DeleteAnswer,
  'ack-read': frames.ReadUpdated,
  'ack-error': answers.ErrorAck,
  'push-members-updated': frames.MembersUpdated,
  'push-thread-deleted': frames.ThreadDeleted,
  'push-thread-left': frames.ThreadLeft,
  'push-stream-start': frames.StreamStart,
  'push-stream-delta': frames.StreamDelta,
  'push-stream-end': frames.StreamEnd,
  'push-stream-end-failed': frames.StreamEnd,
  'push-presence-updated': frames.PresenceUpdated,
  'push-typing': frames.Typing,
  'push-read-updated': frames.ReadUpdated,
}

/** What the parsers make of the examples of what clients send. */
const parsed: Record<string, [parse: (value: unknown) => unknown, outcome: (sent: never) => unknown]> = {
  'create-thread-request': [requests.parseCreateThread, (sent) => sent],
  'patch-thread-request': [requests.parseThreadPatch, () => ({ tenant: { org: 'A' } })],
  'add-member-request': [requests.parseAddMember, (sent) => sent],
  'send-request': [requests.parseEventDraft, (sent) => sent],
  'edit-request': [requests.parseMessageEdit, (sent) => sent],
  'invoke-request': [
    requests.parseInvocation,
    () => ({ assistantIds: ['helper'], idempotencyKey: 'ask-1', ifActive: 'queue' }),
  ],
  'read-request': [requests.parseReadMark, (sent) => sent],
  'verdict-request': [requests.parseVerdict, (sent) => sent],
  'socket-join': [socket.parseJoinPayload, camel],
  'socket-join-seq': [socket.parseJoinPayload, camel],
  'socket-leave': [socket.parseThreadPayload, camel],
  'socket-send': [socket.parseSendPayload, camel],
  'socket-invoke': [
    socket.parseInvokePayload,
    ({ thread_id }: { thread_id: string }) => ({
      threadId: thread_id,
      assistantIds: ['helper'],
      idempotencyKey: 'ask-1',
      ifActive: 'return',
    }),
  ],
  'socket-cancel': [socket.parseCancelPayload, ({ run_id }: { run_id: string }) => ({ runId: run_id })],
  'socket-read': [socket.parseReadPayload, camel],
  'socket-typing': [socket.parseThreadPayload, camel],
  'socket-edit': [socket.parseEditPayload, camel],
  'socket-approve': [
    socket.parseToolCallPayload,
    ({ thread_id, call_id }: { thread_id: string; call_id: string }) => ({
      threadId: thread_id,
      callId: call_id,
    }),
  ],
  'socket-delete': [socket.parseEventPayload, camel],
}

function camel({ thread_id, event_id, ...rest }: { thread_id: string; event_id?: string }): unknown {
  return { threadId: thread_id, ...(event_id && { eventId: event_id }), ...rest }
}

const events = examples.filter((name) => name.startsWith('event-'))

test('every example has a reader, and every reader an example', () => {
  const read = [...events, ...Object.keys(schemas), ...Object.keys(parsed)]
  expect(examples.toSorted()).toEqual(read.toSorted())
})

test('there is an example of every type of event', () => {
  const types = new Set(events.map((name) => parseEvent(exampleOf(name)).type))
  const known = ThreadEvent.def.options.flatMap(({ shape }) => shape.type.def.values)
  expect([...types].toSorted()).toEqual(known.toSorted())
})

describe('what a server sends is read without losing anything:', () => {
  test.each(events)('%s', (name) => {
    const example = { ...exampleOf(name), addedLater: 1 }

    expect(parseEvent(example)).toEqual(example)
    expect(ThreadEvent.parse(example)).toEqual(example)
  })

  test.each(Object.entries(schemas))('%s', (name, schema) => {
    const example = { ...exampleOf(name), addedLater: 1 }
    expect(schema.parse(example)).toEqual(example)
  })
})

describe('what a client sends is understood:', () => {
  test.each(Object.entries(parsed))('%s', (name, [parse, outcome]) => {
    const example = exampleOf(name)
    // The outcome knows the members of its own example.
    expect(parse(example)).toEqual(outcome(example as never))
  })
})
