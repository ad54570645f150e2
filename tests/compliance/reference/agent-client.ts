import { type Answer, send } from '../core/http.js'
import { parsePrompt } from './parse-prompt.js'

/** The requests of the original agent command line: same headers, same URLs, always prefix `/handshake`. */
export interface AgentClient {
  getContext(): Promise<Answer>
  getDiff(since?: string): Promise<Answer>
  /** A flat object becomes `set` actions in its order. */
  action(values: Record<string, unknown>, stream?: boolean, intervalMs?: number): Promise<Answer>
  extend(extraSeconds?: number): Promise<Answer>
}

/** Starts from a pasted prompt, as its users do. */
export function agentFromPrompt(text: string): AgentClient {
  const { sessionId, token, baseUrl } = parsePrompt(text)
  const root = baseUrl.replace(/\/+$/, '')
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'X-Handshake-Token': token }
  const get = (path: string) => send(root, { path: `/handshake${path}`, headers })
  const post = (path: string, body: object) =>
    send(root, { path: `/handshake${path}`, headers, body: JSON.stringify(body) })

  return {
    getContext: () => get(`/context/${sessionId}`),
    getDiff: (since = '') => get(`/diff/${sessionId}${since ? `?since=${encodeURIComponent(since)}` : ''}`),
    action: (values, stream = true, intervalMs = 300) =>
      post(`/action/${sessionId}`, {
        actions: Object.entries(values).map(([key, value]) => ({ type: 'set', key, value })),
        stream,
        intervalMs,
      }),
    extend: (extraSeconds = 1800) => post(`/session/${sessionId}/extend`, { extraSeconds }),
  }
}
