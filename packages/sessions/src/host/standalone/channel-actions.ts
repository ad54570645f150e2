// What a client asks for on the channel socket, as requests of the host contract (section 3.2.4).
import type { HostRequest, WsChannelControlMessage } from '../../protocol/index.js'

type Other = 'subscribe' | 'unsubscribe' | 'ping' | 'fs.snapshot' | 'file.preview'
export type CalledAction = Exclude<WsChannelControlMessage, { action: Other }>

const post = (path: string, body?: unknown): HostRequest => ({ method: 'POST', path, body })

/** The request that does what the message asks for. */
export function toCall(message: CalledAction): HostRequest {
  switch (message.action) {
    case 'prompt':
      return post(at(message, '/prompt'), { text: message.text })
    case 'permission.respond':
      return post(at(message, `/permissions/${encodeURIComponent(message.requestId)}`), message.body)
    case 'cancel':
      return post(at(message, '/cancel'), { queueId: message.queueId })
    case 'terminate':
      return post(at(message, '/terminate'))
    case 'queue.reorder':
      return { method: 'PUT', path: at(message, '/queue'), body: { order: message.order } }
    case 'queue.clear':
      return { method: 'DELETE', path: at(message, '/queue') }
    case 'queue.pause':
      return post(at(message, '/queue/pause'))
    case 'queue.resume':
      return post(at(message, '/queue/resume'))
    case 'terminal.create': {
      const { sessionId, data, cols, rows } = message
      return post('/terminals', { sessionId, data, cols, rows })
    }
    case 'terminal.input':
      return post(of(message, '/input'), { data: message.data })
    case 'terminal.resize':
      return post(of(message, '/resize'), { cols: message.cols, rows: message.rows })
    case 'terminal.kill':
      return { method: 'DELETE', path: of(message, '') }
  }
}

const at = ({ sessionId }: { sessionId: string }, rest: string): string =>
  `/sessions/${encodeURIComponent(sessionId)}${rest}`
const of = ({ terminalId }: { terminalId: string }, rest: string): string =>
  `/terminals/${encodeURIComponent(terminalId)}${rest}`

/** The text of a refusal as clients of the channel socket know it; undefined when it is passed over in silence. */
export function refusalText(message: CalledAction, status: number, text: string): string | undefined {
  if (message.action.startsWith('terminal.')) return `${message.action}: ${text}`
  const isUnknownRequest =
    message.action === 'permission.respond' && status === 404 && text !== 'Session not found'
  if (isUnknownRequest) return undefined
  const isPrompt = message.action === 'prompt' && text === 'Session not found'
  return isPrompt ? `Session "${message.sessionId}" not found` : text
}
