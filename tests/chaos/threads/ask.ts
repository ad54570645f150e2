import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../fuzz/random.js'
import type { Nodes } from '../nodes.js'

/** One request, by whom. */
export type Request = { who: string; method?: 'GET' | 'POST' | 'DELETE'; path: string; body?: object }

/** A definite answer: neither a fault nor a lost connection. */
export type Answer = { status: number; body: unknown }

const attemptMs = 15_000
/** Longest time without any definite answer, restarts included. */
export const stuckMs = 120_000
const betweenMs = 30

/** Where requests go, and by which dice. */
export type Asker = { nodes: Nodes; random: Random }

/**
 * Sends a request to whichever node is up, again and again until one answers; what it does must be safe to repeat. Rejects
 * when nobody answers for so long that somebody must be stuck.
 */
export async function ask({ nodes, random }: Asker, request: Request): Promise<Answer> {
  const giveUpAt = performance.now() + stuckMs
  for (;;) {
    const url = nodes.any(random)
    const answer = await (url ? send(url, request) : Promise.reject(new Error('no node is up'))).catch(String)
    if (typeof answer !== 'string' && answer.status < 500 && answer.status !== 429) return answer
    if (performance.now() > giveUpAt)
      throw new Error(`${request.method} ${request.path} is stuck: ${JSON.stringify(answer)}`)
    await sleep(betweenMs)
  }
}

async function send(url: string, { who, method = 'GET', path, body }: Request): Promise<Answer> {
  const answer = await fetch(`${url}/acp${path}`, {
    method,
    headers: { authorization: `Bearer ${who}` },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(attemptMs),
  })
  return { status: answer.status, body: answer.status === 204 ? undefined : await answer.json() }
}

/** The body of a success; throws for a refusal. The type is a promise of the contract. */
export function succeeded<T>({ status, body }: Answer): T {
  if (status < 300) return body as T
  throw new Error(`refused with ${status}: ${JSON.stringify(body)}`)
}
