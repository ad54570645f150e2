// The per-session protocol of sections 3.1 and 14.4.
import type { Principal } from '@parley/kernel/principal'
import type { Connection } from '@parley/kernel/socket'
import { sessionsErrors } from '../errors.js'
import { type WireEvent, type WsSessionMessage, WsSessionMessageSchema } from '../protocol/index.js'
import { sessionSocketFrame } from '../protocol/ws/frames.js'
import { streamOf } from '../service/streams.js'
import { perSession } from './audience.js'
import { type Commands, createCommands, steer, type Target } from './commands.js'
import type { SocketDeps } from './deps.js'
import { errorText, isNoSession } from './errors.js'
import { readInOrder } from './mailbox.js'
import { readMessage } from './message.js'

const actions: ReadonlySet<string> = new Set<WsSessionMessage['action']>([
  'prompt',
  'permission.respond',
  'cancel',
  'terminate',
  'ping',
  'queue.reorder',
  'queue.clear',
  'queue.pause',
  'queue.resume',
  'fs.snapshot',
  'file.preview',
])

/** Serves a connection to one session: everything of it, from the first event. */
export function serveSessionSocket(
  deps: SocketDeps,
  connection: Connection,
  target: { by: Principal; sessionId: string },
): void {
  const send = (message: object) => connection.send(JSON.stringify(message))
  const commands = createCommands({ service: deps.service, now: () => deps.ground.clock.now() })
  send({ type: 'connected', sessionId: target.sessionId })
  deps.feed.join(streamOf(target.sessionId), connection, { audience: perSession })

  const receive = async (text: string) => {
    try {
      const answer = await run(commands, target, readMessage(text, WsSessionMessageSchema, actions))
      if (answer && 'queued' in answer) send(answer)
      else if (answer) connection.send(sessionSocketFrame(JSON.stringify(answer)))
    } catch (error) {
      send({ type: 'error', message: errorText(toShown(error), deps.fault) })
    }
  }
  readInOrder(connection, receive, deps.fault)
}

const toShown = (error: unknown): unknown =>
  isNoSession(error) ? sessionsErrors.sessionNotFound({ message: 'No active session', cause: error }) : error

type Answer = WireEvent | { queued: true; queueId: string; position: number } | undefined

async function run(commands: Commands, target: Target, message: WsSessionMessage): Promise<Answer> {
  switch (message.action) {
    case 'prompt':
      return commands.prompt(target, message.text)
    case 'fs.snapshot':
      return commands.snapshot(target, message.path)
    case 'file.preview':
      return commands.preview(target, message.path)
    case 'ping':
      // Its clients know no answer.
      return undefined
    default:
      await steer(commands, target, message)
      return undefined
  }
}
