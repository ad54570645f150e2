// Details of the wire that clients written for the contract rely on, each through the running plane.
import { eventually } from '@parley/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStage, type Stage, startTurn } from './support/stage.js'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(async () => {
  await stage?.close()
  expect(stage.faults).toEqual([])
})

it.each([['null'], ['[]'], ['"text"'], ['7']])(
  'a body %s lacks what a route needs, and is told so',
  async (body) => {
    const id = await stage.session()
    for (const [method, path, error] of [
      ['POST', `/agents/${id}/prompts`, "Missing 'text' field"],
      ['POST', `/agents/${id}/permissions/x`, 'Missing optionId or outcome field'],
      ['PUT', `/agents/${id}/queue`, "Missing 'order' array"],
      ['POST', '/message-queue', "Missing 'text' field"],
      ['POST', '/runtimes/local/fs/git/worktrees', "Missing 'name' field"],
    ] as const)
      expect(await stage.call(method, path, body), path).toMatchObject({ status: 400, body: { error } })
  },
)

it('a patch of settings needs a body', async () => {
  const id = await stage.session()
  for (const path of ['/settings', `/agents/${id}/settings`]) {
    expect((await stage.call('PATCH', path)).status, path).toBe(400)
    expect((await stage.call('PATCH', path, ' ')).status, path).toBe(400)
    expect((await stage.call('PATCH', path, {})).status, path).toBe(200)
  }
})

it('files of an instance that is not there', async () => {
  expect(await stage.call('GET', '/runtimes/nowhere/files?path=a')).toMatchObject({
    status: 404,
    body: { error: 'Runtime instance not found' },
  })
})

// proves: sessions.s54
it('a message is pending until the turn of its prompt is over', async () => {
  const id = await stage.session()
  const { body } = await stage.call('POST', '/message-queue', { text: 'wait', sessionId: id })
  const message = async () =>
    (await stage.call('GET', '/message-queue')).body.find((one: { id: number }) => one.id === body.id)
  const peer = await stage.dial()
  await peer.subscribe(`session:${id}`)
  await peer.next(({ event }) => event?.data.method === 'session/prompt')
  // What comes after shows that the message had time to be called sent.
  await stage.prompt(id, 'echo queued')
  expect(await message()).toMatchObject({ status: 'pending', sentAt: null })

  await stage.call('POST', `/agents/${id}/cancel`)
  await eventually(async () => (await message()).status === 'sent')
})

// proves: sessions.s26
it('the newest event of the queue is the truth when everything has run', async () => {
  const id = await stage.session()
  const peer = await stage.dial()
  await peer.subscribe(`session:${id}:queue`)
  const turn = await startTurn(stage, id)
  await stage.prompt(id, 'echo second')
  await turn.cancel()
  await turn.ended
  await peer.next(({ event }) => event?.data.processing === false && event.data.size === 0)
  const states = peer.frames.flatMap(({ event }) => (event ? [event.data] : []))

  expect(states.map(({ processing, size }) => [processing, size])).toEqual([
    [true, 1],
    [true, 0],
    [false, 0],
  ])
  expect(states.at(-1)).toEqual((await stage.call('GET', `/agents/${id}/queue`)).body)
})

it('a client that has seen nothing may say null for since', async () => {
  const id = await stage.session()
  const peer = await stage.dial()
  peer.send({ action: 'subscribe', channel: `session:${id}`, since: null })
  await peer.next(({ type }) => type === 'subscribed')
  expect(peer.frames.filter(({ type }) => type === 'event').length).toBeGreaterThan(3)
})
