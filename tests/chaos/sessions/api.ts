import { eventually } from '@parley/testkit'
import type { LoggedEvent } from './evidence.js'
import type { ServerPlace } from './server.js'

/** A session as REST answers it; only what is verified. */
export type SessionView = {
  id: string
  status: 'active' | 'killed'
  logs: LoggedEvent[]
  pendingPermission: { requestId: string } | null
}

/** An answer of the server. */
export type Answer = { status: number; body: unknown }

/** Longest wait for anything: only a failing test gets there. */
export const patience = { deadlineMs: 60_000, everyMs: 20 }

/** Sends a request; rejects when the server is not there, or dies meanwhile. */
export async function send(
  server: ServerPlace,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  if (!server.url) throw new Error('no server runs')
  const answer = await fetch(`${server.url}/api${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: await answer.json() }
}

/** The body of a success; throws for a refusal. The type is a promise of the contract. */
export async function ask<T>(server: ServerPlace, method: string, path: string, body?: object): Promise<T> {
  const { status, body: answered } = await send(server, method, path, body)
  if (status < 300) return answered as T
  throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(answered)}`)
}

export const getSession = (server: ServerPlace, id: string): Promise<SessionView> =>
  ask(server, 'GET', `/agents/${id}`)

/** Resolves when no turn runs and none waits. */
export async function untilIdle(server: ServerPlace, id: string): Promise<void> {
  await eventually(async () => {
    const { size } = await ask<{ size: number }>(server, 'GET', `/agents/${id}/queue`)
    const { processing } = await ask<{ processing: boolean }>(server, 'GET', `/agents/${id}/status`)
    return !processing && size === 0
  }, patience)
}
