// Whoever may not see a thread can't tell it from one that does not exist: on every route and every event, whatever is
// sent along, and whoever asks.
import { describe, expect, test } from 'vitest'
import { threadsRoutes } from './http/routes.js'
import { mount } from './mounted.test.support.js'
import { openPlane, type Plane, people } from './plane.test.support.js'
import { assistant, clientEvents } from './protocol/index.js'
import { resolveOptions, type ThreadsOptions } from './service/options.js'

const strangers = ['carol', 'dave', 'erin'] as const

/** What a request names: of a thread that is there, or of none. */
type Names = { thread: string; run: string; event: string }

const none: Names = { thread: 'th_none', run: 'run_none', event: 'evt_none' }

/** A payload that every operation can read, and one that says nothing but whom it is about. */
const payloads = (names: Names): readonly object[] => [
  {
    thread_id: names.thread,
    run_id: names.run,
    event_id: names.event,
    call_id: 'call_1',
    seq: 1,
    draft: { content: [{ type: 'text', text: 'hi' }] },
    content: [{ type: 'text', text: 'hi' }],
    assistant_ids: ['echo'],
    identity: people.bob,
    metadata: {},
  },
  {
    thread_id: names.thread,
    run_id: names.run,
    event_id: names.event,
    call_id: 'call_1',
    draft: 1,
    content: 1,
    seq: -1,
    reason: 1,
  },
]

async function openRoom(options: Partial<ThreadsOptions> = {}): Promise<{ plane: Plane; names: Names }> {
  const plane = await openPlane(options)
  plane.threads.assistant('echo', async function* () {})
  const thread = await plane.room({ members: [assistant({ id: 'echo', name: 'echo' })] })
  const path = `/threads/${thread}`
  const sent = await plane.call('alice', 'POST', `${path}/messages`, {
    content: [{ type: 'text', text: 'secret' }],
  })
  const invoked = await plane.call('alice', 'POST', `${path}/invocations`, { assistant_ids: ['echo'] })
  return { plane, names: { thread, run: invoked.body.runs[0].id, event: sent.body.id } }
}

// The service is never asked: only what the routes are called is read.
const routes = threadsRoutes({} as never, resolveOptions({ authenticate: () => null })).filter(({ path }) =>
  path.includes(':id'),
)

function pathOf(pattern: string, names: Names): string {
  const id = pattern.startsWith('/runs/') ? names.run : names.thread
  return pattern
    .replace(':id', id)
    .replace(':member', 'u_alice')
    .replace(/:call\w*/, 'call_1')
    .replace(/:event\w*/, names.event)
}

describe.each([
  { keys: 'no namespace keys', options: {} },
  { keys: 'namespace keys', options: { namespaceKeys: ['org', 'ws'] } },
])('with $keys', ({ options }) => {
  // proves: threads.t07
  test.each(routes.map(({ method, path }) => [method, path] as const))(
    '%s %s of a thread that is not yours is that of none',
    async (method, path) => {
      const { plane, names } = await openRoom(options)
      const { call } = plane
      const ask = async (who: string, about: Names, body?: object) => {
        const { status, body: answer, headers } = await call(who, method, pathOf(path, about), body)
        return { status, answer, headers: [...headers].filter(([name]) => name !== 'date') }
      }

      for (const who of strangers)
        for (const [n, body] of (method === 'GET' ? [undefined] : payloads(names)).entries()) {
          const about = method === 'GET' ? undefined : payloads(none)[n]
          const theirs = await ask(who, names, body)
          expect(theirs, `${who}, payload ${n}`).toEqual(await ask(who, none, about))
          // Who has no namespace is refused before any thread is looked for.
          expect(theirs.status).toBe('namespaceKeys' in options && who === 'erin' ? 403 : 404)
        }
    },
  )

  // proves: threads.t07
  test.each(Object.values(clientEvents).filter((name) => name !== clientEvents.leave))(
    '%s of a thread that is not yours is that of none',
    async (name) => {
      const { plane, names } = await openRoom(options)
      const { connect } = await mount(plane.threads)
      const hasNamespace = 'namespaceKeys' in options
      for (const who of hasNamespace ? (['carol', 'dave'] as const) : strangers) {
        const tenant = people[who]!.metadata.tenant as { org: string; ws: string }
        const stranger = await connect(who, hasNamespace ? { namespace: `/${tenant.org}/${tenant.ws}` } : {})
        for (const [n, payload] of payloads(names).entries()) {
          const theirs = await stranger.ask(name, payload)
          expect(theirs, `${who}, payload ${n}`).toEqual(await stranger.ask(name, payloads(none)[n]))
          expect(theirs.error.code).toBe('not_found')
        }
      }
    },
  )

  test('none of them changed anything, or was told anything', async () => {
    const { plane, names } = await openRoom(options)
    const before = await plane.call('alice', 'GET', `/threads/${names.thread}/events`)

    for (const who of strangers) {
      for (const { method, path } of routes)
        await plane.call(who, method, pathOf(path, names), method === 'GET' ? undefined : payloads(names)[0])
      const { body } = await plane.call(who, 'GET', '/threads')
      expect(body.items ?? []).toEqual([])
    }

    const after = await plane.call('alice', 'GET', `/threads/${names.thread}/events`)
    const seen = (page: typeof before) => page.body.items.map(({ id }: { id: string }) => id)
    expect(seen(after)).toEqual(expect.arrayContaining(seen(before)))
    expect(after.body.items.every(({ author }: { author: { id: string } }) => isOwn(author.id))).toBe(true)
  })
})

const isOwn = (id: string): boolean => ['u_alice', 'echo'].includes(id)
