import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { SocketConstructor } from '../edge.js'
import { type FakeServer, fakeServer } from '../fake-server.test.support.js'
import { type BindOptions, bindForm, resumeForm } from './bind-form.js'
import type { StorageLike } from './session-memory.js'

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 5 })

/** An element with as much of a browser as binding needs. Real browsers are tested elsewhere. */
class FakeInput extends EventTarget {
  tagName = 'INPUT'
  type = 'text'
  id = ''
  value = ''
  defaultValue = ''
  readonly attributes = new Map<string, string>()
  readonly classes = new Set<string>()
  readonly name: string
  constructor(name: string) {
    super()
    this.name = name
  }
  getAttribute = (name: string) => this.attributes.get(name) ?? null
  setAttribute = (name: string, value: string) => this.attributes.set(name, value)
  classList = {
    toggle: (name: string, on: boolean) => (on ? this.classes.add(name) : this.classes.delete(name)),
  }
  type_(text: string) {
    this.value = text
    this.dispatchEvent(new Event('input'))
  }
}

class FakeForm extends EventTarget {
  id = 'form'
  readonly a = new FakeInput('a')
  readonly b = new FakeInput('b')
  readonly elements = [this.a, this.b]
  readonly ownerDocument = {
    title: 'Tax',
    activeElement: null as unknown,
    defaultView: null,
    location: { pathname: '/x' },
  }
  /** The binding uses only what is above. */
  asForm = () => this as unknown as HTMLFormElement
}

function memory(): StorageLike & { texts: Map<string, string> } {
  const texts = new Map<string, string>()
  return {
    texts,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, value) => void texts.set(key, value),
    removeItem: (key) => void texts.delete(key),
  }
}

async function bound(server: FakeServer, options: BindOptions = {}) {
  const form = new FakeForm()
  const socket = WebSocket as unknown as SocketConstructor
  const storage = options.storage ?? memory()
  const binding = await bindForm(form.asForm(), {
    baseUrl: server.baseUrl,
    WebSocket: socket,
    storage,
    ...options,
  })
  onTestFinished(() => binding.stop())
  await until(() => expect(server.sockets.size).toBe(1))
  return { form, binding, storage }
}

async function resumed(server: FakeServer, storage: StorageLike) {
  const form = new FakeForm()
  // A browser's and that of `ws` differ in their types only.
  const socket = WebSocket as unknown as SocketConstructor
  const binding = await resumeForm(form.asForm(), { baseUrl: server.baseUrl, WebSocket: socket, storage })
  onTestFinished(() => binding?.stop())
  return { form, binding }
}

test('one line makes a session from the form', async () => {
  const server = await fakeServer()
  const { binding } = await bound(server)

  expect(server.created).toEqual({
    mode: 'form-fill',
    meta: { title: 'Tax' },
    schema: [
      { key: 'a', type: 'string' },
      { key: 'b', type: 'string' },
    ],
    context: { a: null, b: null },
  })
  expect(binding.session.sessionId).toBe(server.sessionInfo.sessionId)
  expect(binding.prompt()).toContain(server.token)
})

test('what the agent writes appears, marked, and is not echoed', async () => {
  const server = await fakeServer()
  const { form } = await bound(server)
  const heard: string[] = []
  for (const type of ['input', 'change']) form.a.addEventListener(type, () => heard.push(type))

  server.push({ type: 'action', key: 'a', value: 'x' })

  await until(() => expect(form.a.value).toBe('x'))
  expect(heard).toEqual(['input', 'change'])
  expect([form.a.attributes.get('data-handshake-by'), ...form.a.classes]).toEqual(['ai', 'handshake-filled'])
  form.b.type_('y')
  await until(() => expect(server.edits.length).toBe(1))
  expect(server.edits[0]).toMatchObject({ key: 'b', value: 'y' })
})

test('a batch that is not streamed appears at its end', async () => {
  const server = await fakeServer()
  const { form } = await bound(server)

  server.push({ type: 'done', applied: 2, rejected: [], missing: [], values: { a: '1', b: '2' } })

  await until(() => expect([form.a.value, form.b.value]).toEqual(['1', '2']))
})

test('the user wins over the agent in the same field, and the server hears of it', async () => {
  const server = await fakeServer()
  const { form } = await bound(server)
  form.ownerDocument.activeElement = form.a
  form.a.type_('mine')
  await until(() => expect(server.edits.length).toBe(1))

  server.push({ type: 'action', key: 'a', value: 'theirs' })

  await until(() => expect(server.edits.length).toBe(2))
  expect(server.edits[1]).toEqual({ key: 'a', value: 'mine', over: 'socket' })
  expect(form.a.value).toBe('mine')
})

test('typing is reported first at once, and last when the control is left', async () => {
  const server = await fakeServer()
  const { form } = await bound(server, { restMs: 600_000 })

  for (const text of ['h', 'he', 'hel']) form.a.type_(text)
  form.a.dispatchEvent(new Event('blur'))

  await until(() => expect(server.edits.map(({ value }) => value)).toEqual(['h', 'hel']))
})

test('a reload goes on with the session, its values and the frames since', async () => {
  const server = await fakeServer()
  const storage = memory()
  const first = await bound(server, { storage })
  server.push({ type: 'action', key: 'a', value: 'theirs' })
  await until(() => expect(first.form.a.value).toBe('theirs'))
  first.form.a.type_('mine')
  await until(() => expect(server.edits.length).toBe(1))
  first.binding.stop()
  await until(() => expect(server.sockets.size).toBe(0))

  const second = await bound(server, { storage })

  expect(second.form.a.value).toBe('mine')
  expect(server.requests('POST').length).toBe(1)
  expect(server.requests('UPGRADE').at(-1)?.path).toContain('after=1')
  server.push({ type: 'action', key: 'b', value: 'x' })
  await until(() => expect(second.form.b.value).toBe('x'))
})

test('a reload after the session has ended makes a new one', async () => {
  const server = await fakeServer()
  const storage = memory()
  const first = await bound(server, { storage })
  first.binding.stop()
  server.failures.push({ status: 404, body: { error: 'session not found or expired' } })

  await bound(server, { storage })

  expect(server.requests('POST').length).toBe(2)
})

test('after a reload the session says how much time is left, not how much it began with', async () => {
  const server = await fakeServer()
  const storage = memory()
  const first = await bound(server, { storage })
  expect(first.binding.session.expiresIn).toBe(1800)
  first.binding.stop()

  const second = await bound(server, { storage })

  expect(second.binding.session.expiresIn).toBe(1799)
})

test('resuming goes on with the session of before a reload', async () => {
  const server = await fakeServer()
  const storage = memory()
  const first = await bound(server, { storage })
  first.binding.stop()
  server.values.set('a', { value: 'theirs', by: 'ai', at: '2026-06-23T02:22:00.000000Z' })

  const { form, binding } = await resumed(server, storage)

  expect(binding?.session.sessionId).toBe(server.sessionInfo.sessionId)
  server.push({ type: 'action', key: 'b', value: 'x' })
  await until(() => expect([form.a.value, form.b.value]).toEqual(['theirs', 'x']))
})

test('resuming makes no session where there was none', async () => {
  const server = await fakeServer()

  const { form, binding } = await resumed(server, memory())

  expect(binding).toBeUndefined()
  expect(server.seen).toEqual([])
  form.a.type_('x')
  expect(form.a.attributes.size).toBe(0)
})

test('resuming makes no session after the end of the one there was, and forgets it', async () => {
  const server = await fakeServer()
  const storage = memory()
  const first = await bound(server, { storage })
  first.binding.stop()
  server.failures.push({ status: 404, body: { error: 'session not found or expired' } })

  expect((await resumed(server, storage)).binding).toBeUndefined()
  expect(server.requests('POST').length).toBe(1)
  expect(storage.texts.size).toBe(0)
})

test('resuming keeps the session for later when the server has no answer just now', async () => {
  const server = await fakeServer()
  const storage = memory()
  const first = await bound(server, { storage })
  first.binding.stop()
  server.failures.push({ status: 503, body: { error: 'unavailable' } })

  await expect(resumed(server, storage)).rejects.toMatchObject({ status: 503 })
  expect(storage.texts.size).toBe(1)
})

test('frames that are gone are made up for by reading the context', async () => {
  const server = await fakeServer()
  const { form } = await bound(server)
  server.values.set('a', { value: 'x', by: 'ai', at: '2026-06-23T02:22:00.000000Z' })

  server.send({ type: 'history_gone', seq: 40 })

  await until(() => expect(form.a.value).toBe('x'))
})

test('revoking ends the session and forgets it', async () => {
  const server = await fakeServer()
  const storage = memory()
  const { binding } = await bound(server, { storage })
  expect(storage.texts.size).toBe(1)

  await binding.revoke()

  expect(server.revoked).toBe(true)
  expect(storage.texts.size).toBe(0)
})

test('after stop the page is left alone', async () => {
  const server = await fakeServer()
  const { form, binding } = await bound(server)

  binding.stop()
  form.a.type_('x')
  await until(() => expect(server.sockets.size).toBe(0))

  expect(server.edits).toEqual([])
})
