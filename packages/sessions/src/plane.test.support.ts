import { type Ground, openGround } from '@parley/kernel/ground'
import type { Principal } from '@parley/kernel/principal'
import { type FakeClock, fakeClock } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import { createSessions, type Sessions } from './create.js'
import { type FakeRuntime, fakeRuntime } from './runtimes/fake/index.js'
import type { SessionsOptions } from './service/options.js'

const person = (id: string, tenant: Record<string, string>, ...scopes: string[]): Principal => ({
  kind: 'user',
  id,
  name: id,
  tenant,
  scopes,
})

/** People by the name that is their token. */
export const people: Readonly<Record<string, Principal>> = {
  /** Everything in org A. */
  alice: person('alice', { org: 'A' }, '*'),
  /** Sessions of org A, and not the machine. */
  bob: person('bob', { org: 'A' }, 'sessions:use'),
  /** Everything in org B. */
  dave: person('dave', { org: 'B' }, '*'),
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers as clients do.
export type Answer = { status: number; body: any; headers: Headers }

export type Plane = {
  sessions: Sessions
  ground: Ground
  clock: FakeClock
  /** The runtime `box`, unless the test gave others. */
  box: FakeRuntime
  faults: unknown[]
  /** Calls a route below the prefix as somebody. */
  call(who: string, method: string, path: string, body?: unknown): Promise<Answer>
  /** Starts an instance of `box` and a session on it, as `alice`. Answers its id. */
  session(): Promise<string>
}

/**
 * A plane on SQLite in memory with a fake clock, closed when the test is over; or on a given ground, which stays open. Then
 * `clock` is not the ground's.
 */
export async function openPlane(options: Partial<SessionsOptions> = {}): Promise<Plane> {
  const clock = fakeClock()
  const ground = options.ground ?? (await openGround({ clock }))
  const box = fakeRuntime({ clock: ground.clock })
  const faults: unknown[] = []
  const sessions = createSessions({
    authenticate: ({ headers }) => {
      const name = headers.get('authorization')?.replace(/^Bearer /, '') ?? ''
      return Object.hasOwn(people, name) ? people[name]! : null
    },
    runtimes: { box },
    onFault: (error) => faults.push(error),
    ...options,
    ground,
  })
  onTestFinished(async () => {
    await sessions.stop()
    if (!options.ground) await ground.close()
  })
  await sessions.ready

  const call = async (who: string, method: string, path: string, body?: unknown): Promise<Answer> => {
    const hasBody = body !== undefined
    const request = new Request(`http://localhost/api${path}`, {
      method,
      headers: {
        ...(who && { authorization: `Bearer ${who}` }),
        ...(hasBody && { 'content-type': 'application/json' }),
      },
      ...(hasBody && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const response = await sessions.fetch(request)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers }
  }
  const session = async () => {
    await call('alice', 'POST', '/runtimes/box/start')
    const { body } = await call('alice', 'POST', '/agents', { spawn: { command: 'demo', args: [] } })
    return body.id
  }
  return { sessions, ground, clock, box, faults, call, session }
}
