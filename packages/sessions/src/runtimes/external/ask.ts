import type { HostHttp } from './host-http.js'

const healthWithinMs = 5_000

export const healthPath = (sessionId: string): string => `/sessions/${encodeURIComponent(sessionId)}/health`

/** `gone`: the host is there and says no. Rejects with the signal's reason. */
export async function ask(
  http: Pick<HostHttp, 'call'>,
  path: string,
  signal?: AbortSignal,
): Promise<'ok' | 'gone' | 'silent'> {
  const { ok, status } = await http.call({ method: 'GET', path, withinMs: healthWithinMs, signal })
  if (ok) return 'ok'
  return status === 404 || status === 410 ? 'gone' : 'silent'
}
