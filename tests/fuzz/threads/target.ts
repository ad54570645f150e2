import { strict as assert } from 'node:assert'
import { parseJson, send } from '../../compliance/core/http.js'
import type { Random } from '../random.js'

/** Everybody of the fixture (contract 10); the last two are nobody. */
export const people = ['alice', 'bob', 'carol', 'dave', 'erin', 'evil', 'nobody', ''] as const

/** Assistants of the fixture that end soon. */
export const assistants = ['echo', 'tools', 'fail', 'chain', 'track', 'slow', 'hang']

/** One of the fixture's two servers. */
export type Place = { url: string; namespace: string; tenants: readonly Record<string, string>[] }

export const placesOf = (urls: { url: string; ns: string }): Place[] => [
  { url: urls.url, namespace: '/', tenants: [{}, { org: 'A' }, { org: 'A', ws: 'X' }] },
  { url: urls.ns, namespace: '/A/X', tenants: [{ org: 'A', ws: 'X' }] },
]

/** What inputs are aimed at: a thread with members, assistants, a message, a run. */
export type Target = Place & { threadId: string; eventId: string; runId: string }

/** Opens a thread of Alice's with Bob and the assistants in it. */
export async function newTarget(places: readonly Place[], random: Random): Promise<Target> {
  const place = random.chance(0.8) ? places[0]! : places[1]!
  const post = poster(place.url, 'alice')
  const { id: threadId } = await post('/threads', { tenant: random.pick(place.tenants) })
  const bob = { role: 'user', id: 'u_bob', name: 'bob' }
  const some = assistants.map((id) => ({ role: 'assistant', id, name: id }))
  for (const identity of [bob, ...some]) await post(`/threads/${threadId}/members`, { identity })
  const content = [{ type: 'text', text: 'hello' }]
  const { id: eventId } = await post(`/threads/${threadId}/messages`, { content })
  const { runs } = await post(`/threads/${threadId}/invocations`, { assistant_ids: ['echo'] })
  return { ...place, threadId, eventId, runId: runs[0]!.id }
}

type Made = { id: string; seq: number; runs: { id: string }[] }

/** Sends what must work; rejects when it does not. */
export const poster =
  (url: string, who: string) =>
  async (path: string, body: object): Promise<Made> => {
    const headers = { authorization: `Bearer ${who}` }
    const answer = await send(url, {
      method: 'POST',
      path: `/acp${path}`,
      headers,
      body: JSON.stringify(body),
    })
    assert.ok(answer.status < 300, `${path} answered ${answer.status}: ${answer.text}`)
    // The cast: the contract's answer to what was asked.
    return parseJson(answer.text) as Made
  }
