// Takes a message into the queue; makes a session for it where it has none.

import { type Principal, toIdentity } from '@parley/kernel/principal'
import { sessionsErrors } from '../../errors.js'
import type { EnqueueMessageBody } from '../../protocol/index.js'
import { type AgentTemplate, linkLimits, type QueuedMessage } from '../../protocol/index.js'
import type { MessageRow } from '../../store/port.js'
import { findSession } from '../gate.js'
import type { MessagesDeps } from './deps.js'
import { toQueuedMessage } from './objects.js'

const maxTextBytes = linkLimits.eventDataBytes
/** Of one tenant, not sent yet. */
const maxWaiting = { count: 1_000, chars: 16 * 1024 * 1024 }

export async function enqueueMessage(
  deps: MessagesDeps,
  by: Principal,
  body: EnqueueMessageBody,
  options: { callbackOrigin?: string },
): Promise<QueuedMessage> {
  const { ground, store } = deps
  assertText(body.text)
  await assertRoom(deps, by)
  const resolved = await resolve(deps, body)
  const sessionId = await sessionOf(deps, by, { ...resolved, sessionId: body.sessionId ?? null }, options)
  const row: MessageRow = {
    ...resolved,
    id: await store.messages.nextId(),
    tenant: by.tenant,
    sender: toIdentity(by),
    sessionId,
    text: body.text,
    status: 'pending',
    createdAt: ground.clock.micros(),
    sentAt: null,
  }
  await ground.log.commit({ ops: [store.messages.insert(row)], appends: [] })
  return toQueuedMessage(row)
}

function assertText(text: unknown): void {
  if (typeof text !== 'string' || text.trim() === '')
    throw sessionsErrors.invalidRequest({ message: "Missing 'text' field" })
  if (Buffer.byteLength(text) > maxTextBytes) throw sessionsErrors.payloadTooLarge()
}

/** Before a session is made for it. */
async function assertRoom({ store }: MessagesDeps, { tenant }: Principal): Promise<void> {
  const { count, chars } = await store.messages.waiting(tenant)
  if (count < maxWaiting.count && chars < maxWaiting.chars) return
  throw sessionsErrors.tooMany({ message: `At most ${maxWaiting.count} messages can wait` })
}

type Resolved = Pick<MessageRow, 'runtime' | 'agent' | 'agentTemplateId' | 'directory'>

async function resolve({ store, runtimeNames }: MessagesDeps, body: EnqueueMessageBody): Promise<Resolved> {
  const runtime = body.runtime || runtimeNames[0] || ''
  const given = body.agentTemplateId ?? undefined
  const template = toTemplate(await store.templates.list(), runtime, given)
  return {
    runtime,
    agent: body.agent || template?.name || '',
    agentTemplateId: given ?? template?.id ?? null,
    directory: body.directory ?? null,
  }
}

type Named = Pick<AgentTemplate, 'id' | 'name' | 'runtime'>

/** The one that is given, else the first of the runtime, else the first of all. */
function toTemplate(all: readonly Named[], runtime: string, id: string | undefined): Named | undefined {
  if (id !== undefined) return all.find((one) => one.id === id)
  return all.find((one) => one.runtime.provider === runtime) ?? all[0]
}

async function sessionOf(
  { store, createSession }: MessagesDeps,
  by: Principal,
  { sessionId, agentTemplateId, directory }: Resolved & { sessionId: string | null },
  options: { callbackOrigin?: string },
): Promise<string | null> {
  if (sessionId !== null) {
    if (!(await findSession({ store }, by, sessionId))) throw sessionsErrors.sessionNotFound()
    return sessionId
  }
  if (agentTemplateId === null) return null
  const cwd = directory === null ? {} : { cwd: directory }
  return (await createSession(by, { agentTemplateId, ...cwd }, options)).id
}
