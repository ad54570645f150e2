import { eventually } from '@parley/testkit'
import { expect, it } from 'vitest'
import type { TemplateRow } from '../../store/port.js'
import { alice, mallory, openRooms } from '../rooms.test.support.js'
import { LinkedHost, openMessages, say, statesAre } from './linked-host.test.support.js'

const template = (id: string, provider: string, position: number): TemplateRow => ({
  id,
  name: `Agent ${id}`,
  spawn: { command: 'x', args: [] },
  runtime: { provider },
  env: null,
  managedPosition: position,
  createdAt: 1,
})

async function opened() {
  const rooms = await openRooms()
  const host = new LinkedHost(rooms)
  const created: unknown[] = []
  const messages = openMessages(rooms, host, {
    createSession: async (_by, body, options) => {
      created.push({ body, options })
      const { id } = await rooms.session()
      // The cast: messages read the id alone.
      return { id } as never
    },
  })
  const templates = [template('first', 'docker', 0), template('second', 'local', 1)]
  await rooms.ground.log.commit({ ops: rooms.store.templates.seed(templates), appends: [] })
  return { rooms, host, messages, created }
}

it('a text alone makes a session of the first template of the first runtime, and is sent there', async () => {
  const { rooms, host, messages, created } = await opened()

  const message = await messages.service.enqueue(
    alice,
    { text: 'hello', directory: '/srv' },
    { callbackOrigin: 'http://parley.test' },
  )
  await eventually(() => host.ran.length === 1)
  await host.finish()
  await statesAre(rooms, 'sent')

  expect(message).toEqual({
    id: 1,
    sessionId: host.ran[0]!.sessionId,
    text: 'hello',
    runtime: 'local',
    agent: 'Agent second',
    agentTemplateId: 'second',
    directory: '/srv',
    status: 'pending',
    createdAt: new Date(rooms.clock.now()).toISOString(),
    sentAt: null,
  })
  expect(created).toEqual([
    { body: { agentTemplateId: 'second', cwd: '/srv' }, options: { callbackOrigin: 'http://parley.test' } },
  ])
  expect(host.texts()).toEqual(['hello'])
})

it('takes the first template of all where the runtime has none, and what is given before everything', async () => {
  const { messages, rooms } = await opened()
  const { id } = await rooms.session()
  const other = await messages.service.enqueue(alice, { text: 'x', runtime: 'cloud', sessionId: id }, {})
  const given = { text: 'y', runtime: 'r', agent: 'a', agentTemplateId: 't', sessionId: id }

  expect(other).toMatchObject({ runtime: 'cloud', agent: 'Agent first', agentTemplateId: 'first' })
  expect(await messages.service.enqueue(alice, given, {})).toMatchObject({ ...given, directory: null })
})

it.each([[''], ['  '], [undefined], [7]])('refuses the text %j', async (text) => {
  const { messages } = await opened()
  // The cast: callers may send anything.
  const enqueue = messages.service.enqueue(alice, { text: text as string }, {})
  await expect(enqueue).rejects.toMatchObject({ status: 400, message: "Missing 'text' field" })
})

it('refuses a text that is too long, and a session that the caller does not see', async () => {
  const { messages, rooms } = await opened()
  const { id } = await rooms.session()

  await expect(
    messages.service.enqueue(alice, { text: 'x'.repeat(512 * 1024 + 1) }, {}),
  ).rejects.toMatchObject({
    status: 413,
  })
  await expect(say(messages, '3f2b7c1e-0000-4000-8000-000000000000', 'x')).rejects.toMatchObject({
    status: 404,
  })
  await expect(messages.service.enqueue(mallory, { text: 'x', sessionId: id }, {})).rejects.toMatchObject({
    status: 404,
  })
})

it('sends by hand now, also what was sent before, and never twice at once', async () => {
  const { rooms, host, messages } = await opened()
  const busy = await rooms.session({ processing: true })
  const { id } = await say(messages, busy.id, 'now')

  expect(await messages.service.send(alice, id)).toEqual({ stopReason: 'end_turn' })
  await statesAre(rooms, 'sent')
  await messages.service.send(alice, id)

  expect(host.ran.map(({ key }) => key)).toEqual([
    `message:${id}`,
    expect.stringMatching(`^message:${id}:.+`),
  ])
})

it('a message that is on its way is not sent twice by hand', async () => {
  const { rooms, host, messages } = await opened()
  const { id: sessionId } = await rooms.session()
  let answer = () => {}
  const held = new Promise<void>((resolve) => (answer = resolve))
  host.script = () => {
    host.script = () => undefined
    return held.then(() =>
      host.router.session(row, { method: 'POST', path: '/prompt', body: { text: 'x' }, key: 'message:1' }),
    )
  }
  const row = await rooms.row(sessionId)
  const { id } = await say(messages, sessionId, 'x')
  await statesAre(rooms, 'sending')

  await messages.service.send(alice, id)
  answer()
  await statesAre(rooms, 'sent')

  expect(host.ran.map(({ key }) => key)).toEqual(['message:1'])
})

it('a failed send by hand leaves it waiting', async () => {
  const { rooms, host, messages } = await opened()
  const { id: sessionId } = await rooms.session({ processing: true })
  const { id } = await say(messages, sessionId, 'x')
  host.script = () => {
    throw new Error('broken')
  }

  await expect(messages.service.send(alice, id)).rejects.toThrow('broken')
  await statesAre(rooms, 'pending')
})

it('says why it can not send', async () => {
  const { rooms, messages } = await opened()
  const gone = await rooms.session({ status: 'killed' })
  const { id } = await say(messages, gone.id, 'x')
  await rooms.ground.log.commit({ ops: rooms.store.templates.seed([]), appends: [] })
  const nowhere = await messages.service.enqueue(alice, { text: 'x' }, {})

  expect(nowhere).toMatchObject({ sessionId: null, agentTemplateId: null })
  const refusals = await Promise.all(
    [id, nowhere.id, 999, Number.NaN].map((one) =>
      messages.service.send(alice, one).catch((error) => error.message),
    ),
  )
  expect(refusals).toEqual([
    'Session not found',
    'No session attached',
    'Message not found',
    'Message not found',
  ])
  await expect(messages.service.send(mallory, id)).rejects.toMatchObject({ message: 'Message not found' })
})

it('lists, removes and clears what the caller sees', async () => {
  const { rooms, messages } = await opened()
  const { id: sessionId } = await rooms.session({ processing: true })
  for (const text of ['1', '2', '3']) await say(messages, sessionId, text)
  const texts = async (by = alice) => (await messages.service.list(by)).map(({ text }) => text)

  await messages.service.remove(mallory, 1)
  await messages.service.clear(mallory)
  expect([await texts(), await texts(mallory)]).toEqual([['1', '2', '3'], []])
  await messages.service.remove(alice, 2)
  await messages.service.remove(alice, 999)
  expect(await texts()).toEqual(['1', '3'])
  await messages.service.clear(alice)
  expect(await texts()).toEqual([])
})

it('needs the scope', async () => {
  const { messages } = await opened()
  const stranger = { ...alice, scopes: [] }
  await expect(messages.service.list(stranger)).rejects.toMatchObject({ status: 403 })
  await expect(messages.service.enqueue(stranger, { text: 'x' }, {})).rejects.toMatchObject({ status: 403 })
  await eventually(async () => (await messages.service.list(alice)).length === 0)
})
