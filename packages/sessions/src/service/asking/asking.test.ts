import { expect, it } from 'vitest'
import { adHoc, ann, bob, openCore, type Script, scriptedRuntime } from '../core.test.support.js'

/** A session in a runtime that answers requests below it, and its instance, as `script` says. */
async function opened(script: Script) {
  const local = scriptedRuntime(script)
  const { service } = await openCore({ runtimes: { local: local.runtime } })
  const { id } = await service.createSession(ann, adHoc, {})
  const place = { session: id }
  const last = () => local.asked.at(-1)!
  return { service, id, place, last }
}

const answering = (answers: Record<string, () => Response>): Script => {
  return ({ method, path }) => answers[`${method} ${path}`]?.()
}

const preview = { path: 'a.ts', content: 'text', truncated: false, maxChars: 100_000 }
const queue = {
  processing: true,
  paused: false,
  size: 1,
  items: [{ queueId: 'q1', text: 'later', enqueuedAt: '2026-01-01T00:00:00.000Z', position: 0 }],
}

it('reads files of a session and of an instance; an old host has null for no entries', async () => {
  const listed = { root: '/w', path: '/w', entries: null, truncated: false, maxEntries: 10_000 }
  const { service, place, last } = await opened(
    answering({
      'GET /files': () => Response.json(preview),
      'GET /fs/snapshot': () => Response.json(listed),
      'GET /fs/search': () => Response.json({ query: 'x', kind: 'name', matches: [], truncated: false }),
    }),
  )

  expect(await service.files.preview(bob, place, 'a.ts')).toEqual(preview)
  expect(last()).toMatchObject({ query: { path: 'a.ts' }, sessionId: place.session })
  const instance = { instance: 'local' }
  expect(await service.files.snapshot(ann, instance, { showAllFiles: true })).toEqual({
    ...listed,
    entries: [],
  })
  expect(last()).toMatchObject({ query: { showAllFiles: 'true' }, instance: 'local' })
  expect((await service.files.search(bob, place, 'x', { kind: 'name' })).matches).toEqual([])
  expect(last().query).toEqual({ q: 'x', kind: 'name' })
  await expect(service.files.preview(bob, instance, 'a.ts')).rejects.toMatchObject({
    code: 'sessions.forbidden',
  })
})

it('asks git, and makes worktrees', async () => {
  const commits = { branch: 'HEAD', commits: [] }
  const { service, place, last } = await opened(
    answering({
      'GET /fs/git/commits': () => Response.json(commits),
      'GET /fs/git/diff': () => Response.json({ diff: '', truncated: false }),
      'POST /fs/git/worktrees': () => Response.json({ path: '/w', message: 'HEAD is now' }, { status: 201 }),
    }),
  )

  expect(await service.git.commits(ann, place, { branch: 'main', limit: 3 })).toEqual(commits)
  expect(last().query).toEqual({ branch: 'main', limit: '3' })
  await service.git.diff(ann, place, { staged: true })
  expect(last().query).toEqual({ staged: 'true' })
  expect(await service.git.createWorktree(ann, place, { name: 'fix' })).toEqual({
    path: '/w',
    message: 'HEAD is now',
  })
  expect(last()).toMatchObject({ method: 'POST', body: { name: 'fix' } })
})

it('reads and changes the queue', async () => {
  const ok = () => Response.json({ ok: true })
  const { service, id, last } = await opened(
    answering({
      'GET /queue': () => Response.json(queue),
      'DELETE /queue': () => Response.json({ ok: true, cleared: 2 }),
      'DELETE /queue/q%2F1': ok,
      'PUT /queue': ok,
      'POST /queue/pause': ok,
      'POST /queue/resume': ok,
    }),
  )

  expect(await service.queue.state(bob, id)).toEqual(queue)
  expect(await service.queue.clear(bob, id)).toBe(2)
  await service.queue.remove(bob, id, 'q/1')
  await service.queue.reorder(bob, id, ['b', 'a'])
  expect(last().body).toEqual({ order: ['b', 'a'] })
  await service.queue.pause(bob, id)
  await service.queue.resume(bob, id)
  expect(last()).toMatchObject({ method: 'POST', path: '/queue/resume' })
})

it.each([
  [400, 'sessions.invalid_request'],
  [403, 'sessions.forbidden'],
  [404, 'sessions.not_found'],
  [409, 'sessions.conflict'],
  [429, 'sessions.too_many'],
  [503, 'sessions.host_not_connected'],
  [500, 'sessions.runtime_failed'],
])('what a host refuses with %i is %s, with its text', async (status, code) => {
  const refused = () => Response.json({ error: 'why not' }, { status, headers: { 'retry-after': '7' } })
  const { service, id, place } = await opened(
    answering({ 'GET /files': refused, 'POST /queue/pause': refused }),
  )

  const expected = { code, message: 'why not', retryAfter: 7 }
  await expect(service.files.preview(ann, place, 'a')).rejects.toMatchObject(expected)
  await expect(service.queue.pause(ann, id)).rejects.toMatchObject(expected)
})

it('an answer that makes no sense is a failure of the runtime', async () => {
  const { service, place } = await opened(answering({ 'GET /files': () => Response.json({ path: 1 }) }))

  await expect(service.files.preview(ann, place, 'a')).rejects.toMatchObject({
    code: 'sessions.runtime_failed',
    message: 'Invalid response from session-host',
  })
})

it('names the types of runtimes in their order', async () => {
  const { runtime } = scriptedRuntime()
  const { service } = await openCore({ runtimes: { second: runtime, first: runtime } })

  expect(service.runtimes()).toEqual(['second', 'first'])
})
