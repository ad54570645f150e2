import { type Ground, openGround } from '@parley/kernel/ground'
import { eventually, type FakeClock, fakeClock } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import { createThreads, type Threads } from './create.js'
import { type Identity, user } from './protocol/index.js'
import type { ThreadsOptions } from './service/options.js'

/** The people of the contract's fixture, by the name that is their credential. */
export const people: Readonly<Record<string, Identity>> = {
  alice: user({ id: 'u_alice', name: 'alice', metadata: { tenant: { org: 'A', ws: 'X' } } }),
  bob: user({ id: 'u_bob', name: 'bob', metadata: { tenant: { org: 'A', ws: 'X' } } }),
  carol: user({ id: 'u_carol', name: 'carol', metadata: { tenant: { org: 'A', ws: 'Y' } } }),
  dave: user({ id: 'u_dave', name: 'dave', metadata: { tenant: { org: 'B', ws: 'X' } } }),
  erin: user({ id: 'u_erin', name: 'erin' }),
  evil: user({ id: 'u_evil', name: 'evil', metadata: { tenant: { org: 'a b/c', ws: 'X' } } }),
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers as clients do.
export type Answer = { status: number; body: any; headers: Headers }

export type Plane = {
  threads: Threads
  ground: Ground
  clock: FakeClock
  faults: unknown[]
  /** Calls a route below the prefix as somebody. */
  call(who: string, method: string, path: string, body?: unknown): Promise<Answer>
  /** Waits until a thread has an event of a type. */
  until(threadId: string, type: string): Promise<void>
  /** Creates a thread as `alice`, with more members. Answers its id. */
  room(options?: { tenant?: Record<string, string>; members?: readonly Identity[] }): Promise<string>
}

/**
 * A plane on SQLite in memory with a fake clock, closed when the test is over; or on a given ground, which stays open.
 * Then `clock` is not the ground's.
 */
export async function openPlane(options: Partial<ThreadsOptions> = {}): Promise<Plane> {
  const clock = fakeClock()
  const ground = options.ground ?? (await openGround({ clock }))
  const faults: unknown[] = []
  const threads = createThreads({
    authenticate: ({ headers, auth }) => {
      const name = headers.authorization?.replace(/^Bearer /, '') ?? auth.token
      return typeof name === 'string' && Object.hasOwn(people, name) ? people[name]! : null
    },
    onFault: (error) => faults.push(error),
    ...options,
    ground,
  })
  await threads.ready
  onTestFinished(async () => {
    await threads.stop()
    if (!options.ground) await ground.close()
  })

  const call = async (who: string, method: string, path: string, body?: unknown): Promise<Answer> => {
    const request = new Request(`http://parley.test/acp${path}`, {
      method,
      headers: who ? { authorization: `Bearer ${who}` } : {},
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const response = await threads.fetch(request)
    const text = await response.text()
    return {
      status: response.status,
      body: text === '' ? undefined : JSON.parse(text),
      headers: response.headers,
    }
  }
  const room: Plane['room'] = async ({ tenant = { org: 'A', ws: 'X' }, members = [] } = {}) => {
    const { body } = await call('alice', 'POST', '/threads', { tenant })
    for (const identity of members) await call('alice', 'POST', `/threads/${body.id}/members`, { identity })
    return body.id
  }
  const until: Plane['until'] = async (threadId, type) => {
    await eventually(async () =>
      (await ground.log.last(`thread:${threadId}`, { limit: 100 })).some((event) => event.type === type),
    )
  }
  return { threads, ground, clock, faults, call, room, until }
}
