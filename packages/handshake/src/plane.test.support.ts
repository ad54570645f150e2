// A plane on a fake clock, with short names for what tests do all the time.
import { type Ground, openGround } from '@parley/kernel/ground'
import { type FakeClock, fakeClock, fakeIds } from '@parley/testkit'
import { expect, onTestFinished } from 'vitest'
import { createHandshake, type Handshake } from './create.js'
import type { SessionInfo } from './protocol/index.js'
import type { HandshakeOptions } from './service/options.js'

// biome-ignore lint/suspicious/noExplicitAny: answers are compared, not used
export type Json = Record<string, any>
export type Answer = { status: number; body: Json; headers: Headers }
export type CallOptions = {
  token?: string
  key?: string
  body?: unknown
  headers?: Record<string, string>
  remote?: string
}

/** What creating answered, and the browser key out of it. */
export type Page = SessionInfo & { id: string; key: string }

export type Plane = {
  handshake: Handshake
  ground: Ground
  clock: FakeClock
  /** What was reported as a fault. A test that expects some empties it; any other fails. */
  faults: unknown[]
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  create(body?: Json, options?: CallOptions): Promise<Page>
  context(page: Page, token?: string): Promise<Answer>
  act(page: Page, actions: readonly unknown[], more?: Json): Promise<Answer>
  set(page: Page, values: Json, more?: Json): Promise<Answer>
  edit(page: Page, key: string, value: unknown): Promise<Answer>
}

export type PlaneOptions = HandshakeOptions & { clock?: FakeClock }

/** Opens a plane, by default on SQLite in memory and ids that are the same in every run; it ends with the test. */
export async function openPlane({ clock = fakeClock(), ...options }: PlaneOptions = {}): Promise<Plane> {
  const ground = options.ground ?? (await openGround({ clock, ids: fakeIds() }))
  const faults: unknown[] = []
  const handshake = createHandshake({ ground, onFault: (error) => faults.push(error), ...options })
  await handshake.ready
  onTestFinished(async () => {
    await handshake.stop()
    if (!options.ground) await ground.close()
    expect(faults, 'faults').toEqual([])
  })
  return { handshake, ground, clock, faults, ...callsOf(handshake) }
}

function callsOf(handshake: Handshake): Omit<Plane, 'handshake' | 'ground' | 'clock' | 'faults'> {
  const call = async (
    method: string,
    path: string,
    { token, key, body, headers, remote }: CallOptions = {},
  ) => {
    const request = new Request(`http://parley.test${path}`, {
      method,
      headers: {
        ...(token !== undefined && { 'x-handshake-token': token }),
        ...(key !== undefined && { 'x-handshake-browser-key': key }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const response = await handshake.fetch(request, { remoteAddress: remote ?? '192.0.2.1' })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    return {
      status: response.status,
      body: isJson && text !== '' ? JSON.parse(text) : { text },
      headers: response.headers,
    }
  }
  const act: Plane['act'] = (page, actions, more = {}) =>
    call('POST', page.actionUrl, { token: page.token, body: { actions, ...more } })

  return {
    call,
    create: async (body = {}, options = {}) => {
      const created = await call('POST', '/handshake/session', { body, ...options })
      expect(created.body).toHaveProperty('sessionId')
      const info = created.body as SessionInfo
      return { ...info, id: info.sessionId, key: info.notifyUrl.split('/').at(-1)! }
    },
    context: (page, token = page.token) => call('GET', page.contextUrl, { token }),
    act,
    set: (page, values, more) =>
      act(
        page,
        Object.entries(values).map(([key, value]) => ({ type: 'set', key, value })),
        more,
      ),
    edit: (page, key, value) => call('POST', page.notifyUrl, { body: { key, value } }),
  }
}

/** A form with text fields of these keys, all empty. */
export const formOf = (...keys: string[]): Json => ({
  mode: 'form-fill',
  schema: keys.map((key) => ({ key, type: 'string' })),
  context: Object.fromEntries(keys.map((key) => [key, ''])),
})

/** Types and keys of the events of a handshake, such as `field.set a`. */
export async function eventsOf({ ground }: Pick<Plane, 'ground'>, page: Page): Promise<string[]> {
  const events = await ground.log.last(`handshake:${page.id}`, { limit: 10_000 })
  return events.map(({ type, body }) => {
    const { key } = JSON.parse(body) as { key?: string }
    return key === undefined ? type : `${type} ${key}`
  })
}

/** Moves the clock on in small steps until the work is done: what waits for the database takes real time. */
export async function whileTimePasses<T>(clock: FakeClock, work: Promise<T>, stepMs = 10): Promise<T> {
  let isDone = false
  const ended = work.finally(() => {
    isDone = true
  })
  ended.catch(() => {})
  while (!isDone) {
    await new Promise((resolve) => setTimeout(resolve, 1))
    if (!isDone) await clock.advance(stepMs)
  }
  return ended
}
