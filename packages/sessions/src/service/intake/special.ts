// Events that do more than change their session's row.
import { sessionEvents } from '../../protocol/index.js'
import { takeAnswered, takeAsked, withdrawAll } from '../permissions/intake.js'
import type { Incoming } from '../port.js'
import { isTurnEnd } from '../turns.js'
import type { IntakeContext } from './context.js'
import type { Changing } from './plan.js'

const special: ReadonlySet<string> = new Set([
  sessionEvents.permissionRequest,
  sessionEvents.permissionApproved,
  sessionEvents.permissionRejected,
  sessionEvents.resumed,
  sessionEvents.terminated,
  'session_end',
])

/** True for an event that is only appended. */
export function isPlain({ event, isOnRecord }: Incoming): boolean {
  if (event.type === sessionEvents.rpc) return !isTurnEnd(event.data)
  return isOnRecord === true || !special.has(event.type)
}

export async function takeSpecial(
  context: IntakeContext,
  changing: Changing,
  incoming: Incoming,
): Promise<void> {
  const { plan } = context
  const { event } = incoming
  const hasEnded = changing.row.status === 'killed'
  switch (event.type) {
    case sessionEvents.permissionRequest:
      // Nobody can answer for a session that is over.
      return hasEnded ? await plan.append(changing, incoming) : await takeAsked(context, changing, incoming)
    case sessionEvents.permissionApproved:
    case sessionEvents.permissionRejected:
      await takeAnswered(context, changing, event)
      return await plan.append(changing, incoming)
    case sessionEvents.resumed:
      // Its agent is another one, which asks anew; the host that died may not have said so of every question.
      if (!hasEnded) await withdrawAll(context, changing, { tellsHost: false })
      return await plan.append(changing, incoming)
    case sessionEvents.terminated:
      return hasEnded ? undefined : await end(context, changing, incoming)
    case 'session_end':
      return await callbackEnd(context, changing, incoming)
    default:
      // The end of a turn: what was asked in it needs no answer any more.
      if (!hasEnded) await withdrawAll(context, changing, { tellsHost: true })
      return await plan.append(changing, incoming)
  }
}

async function end(context: IntakeContext, changing: Changing, incoming: Incoming): Promise<void> {
  await withdrawAll(context, changing, { tellsHost: false })
  await forgetCalls(context, changing)
  await context.plan.append(changing, incoming)
}

/** A host that calls back says so that its agent has ended. */
async function callbackEnd(context: IntakeContext, changing: Changing, incoming: Incoming): Promise<void> {
  const { event } = incoming
  await context.plan.append(changing, incoming)
  if (changing.row.status === 'killed') return
  const { exitCode } = event.data
  const data = { exitCode: typeof exitCode === 'number' ? exitCode : -1 }
  await end(context, changing, { ...incoming, event: { ...event, type: sessionEvents.terminated, data } })
}

/** What was to be sent to the host for this session; its end still is, unless the host says itself that it came. */
async function forgetCalls({ store, plan, hostId }: IntakeContext, { row }: Changing): Promise<void> {
  if (row.hostId === null) return
  const calls = await store.calls.list(row.hostId)
  const pointless = calls.filter(
    ({ sessionId, rank }) => sessionId === row.id && (hostId !== undefined || rank > 0),
  )
  plan.add(...pointless.map(({ key }) => store.calls.remove(key)))
}
