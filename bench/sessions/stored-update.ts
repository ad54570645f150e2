import { chunkText } from './chunk.js'

const timestamp = '2026-01-01T00:00:00.000Z'

/** The text of an event as the plane stores it for an agent's update. */
export const storedUpdate = (n: number): string =>
  JSON.stringify({
    type: 'rpc',
    data: {
      method: 'session/update',
      direction: 'agent_to_client',
      phase: 'notification',
      payload: {
        sessionId: 'bench',
        update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: chunkText(n) } },
      },
    },
    timestamp,
  })

/** The frame that a follower of the session's channel gets of it. */
export const updateFrame = (session: string, n: number): string =>
  `{"type":"event","channel":"session:${session}","sessionId":"${session}","agentId":"${session}","seq":${n},"event":${storedUpdate(n)}}`
