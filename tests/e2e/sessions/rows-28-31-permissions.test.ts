import { eventually } from '@parley/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isoTime, uuid } from './support/agents.js'
import { scriptedAgent } from './support/scripted-agent.js'
import { bothGrounds, sharedStage } from './support/shared-stage.js'
import { saidIn } from './support/stage.js'

// biome-ignore lint/suspicious/noExplicitAny: tests look into events as clients do.
type Event = { type: string; data: any; timestamp: string }

const offered = [
  { optionId: 'allow', name: 'Allow', kind: 'allow_once' },
  { optionId: 'always', name: 'Always allow', kind: 'allow_always' },
  { optionId: 'reject', name: 'Reject', kind: 'reject_once' },
]
const selected = (optionId: string) => ({ outcome: { outcome: 'selected', optionId } })
const cancelled = { outcome: { outcome: 'cancelled' } }

describe.each(bothGrounds)('permissions on $name', (ground) => {
  const stage = sharedStage(ground)
  const call = (method: string, path: string, body?: unknown) => stage().call(method, `/agents/${path}`, body)
  const read = async (id: string) => (await call('GET', id)).body
  const logs = async (id: string): Promise<Event[]> => (await read(id)).logs
  const ofType = async (id: string, ...types: string[]) =>
    (await logs(id)).filter(({ type }) => types.includes(type))
  const answer = (id: string, requestId: string, body: unknown) =>
    call('POST', `${id}/permissions/${requestId}`, body)
  /** A session whose agent asked so many questions at once, and waits. */
  const asking = async (count = 1, word = 'ask') => {
    const id = await stage().session()
    const turn = stage().prompt(id, `${word} ${count}`)
    const asked = await eventually(async () => {
      const requests = await ofType(id, 'permission_request')
      return requests.length === count && requests
    })
    return { id, turn, asked: asked.map(({ data }) => data) }
  }
  const dial = async () => {
    const peer = await stage().dial()
    onTestFinished(() => peer.terminate())
    await peer.next(({ type }) => type === 'connected')
    return peer
  }

  // proves: sessions.s28
  test('a question is shown to everybody who watches and to everybody who looks', async () => {
    const peer = await dial()
    const id = await stage().session()
    await peer.subscribe(`session:${id}`)

    const turn = stage().prompt(id, 'ask')
    const frame = await peer.next(({ event }) => event?.type === 'permission_request')

    const question = {
      requestId: expect.stringMatching(uuid),
      toolCallId: 'ask-1',
      title: 'Change file 1',
      kind: 'edit',
      options: offered,
    }
    expect(frame).toEqual({
      type: 'event',
      channel: `session:${id}`,
      sessionId: id,
      agentId: id,
      seq: expect.any(Number),
      event: {
        type: 'permission_request',
        data: question,
        timestamp: expect.stringMatching(isoTime),
      },
    })
    const { pendingPermission, status } = await read(id)
    expect([pendingPermission, status]).toEqual([frame.event.data, 'active'])
    const list = (await stage().call('GET', '/agents')).body
    expect(list.find((one: { id: string }) => one.id === id).pendingPermission).toEqual(pendingPermission)
    // The agent asked before it was shown, and waits.
    const rpc = (await logs(id)).map(({ type, data }) => [type, data.method, data.phase].join(' '))
    expect(rpc.slice(-2)).toEqual(['rpc session/request_permission request', 'permission_request  '])
    expect((await call('GET', `${id}/status`)).body).toEqual({ processing: true, pendingPermission: true })

    await answer(id, pendingPermission.requestId, { optionId: 'allow' })
    expect(await turn).toMatchObject({ body: { stopReason: 'end_turn' } })
  })

  // proves: sessions.s29
  test.each([
    ['an option that allows', { optionId: 'always' }, 'permission_approved', selected('always'), 'always'],
    ['an option that rejects', { optionId: 'reject' }, 'permission_rejected', selected('reject'), 'reject'],
    ['cancelled', { outcome: 'cancelled' }, 'permission_rejected', cancelled, 'cancelled'],
  ])('over a socket the answer is %s', async (_, body, type, response, said) => {
    const { id, turn, asked } = await asking()
    const [{ requestId }] = asked
    const peer = await dial()
    await peer.subscribe(`session:${id}`)

    peer.send({ action: 'permission.respond', sessionId: id, requestId, body })

    const frame = await peer.next(({ event }) => event?.type === type)
    expect(frame.event.data).toEqual({ requestId, response })
    expect(await turn).toMatchObject({ body: { stopReason: 'end_turn' } })
    expect(saidIn(await logs(id))).toBe(`1: ${said}\n`)
    expect(await read(id)).toMatchObject({ pendingPermission: null })
    // The answer to the agent is told first; what REST adds is not there.
    const events = (await logs(id)).map(({ type: name, data }) =>
      [name, data.method, data.phase].join(' ').trim(),
    )
    const answered = events.indexOf('rpc session/request_permission response')
    expect(events[answered + 1]).toBe(type)
    expect(events).not.toContain('permission_responded')
    expect(events).not.toContain('permission_cancelled')
    const [rpc] = (await logs(id)).slice(answered, answered + 1)
    expect(rpc?.data).toMatchObject({ direction: 'client_to_agent', payload: response })
  })

  // proves: sessions.s29
  test('over a socket an unknown question is ignored, and a strange answer leaves it open', async () => {
    const { id, turn, asked } = await asking()
    const [{ requestId }] = asked
    const peer = await dial()
    const respond = (request: string, body: unknown) =>
      peer.send({ action: 'permission.respond', sessionId: id, requestId: request, body })

    respond(crypto.randomUUID(), { optionId: 'allow' })
    await peer.settle()
    expect(peer.frames.map(({ type }) => type)).toEqual(['connected', 'pong'])
    respond(requestId, { optionId: 'moon' })
    await peer.next(({ type }) => type === 'error')
    peer.send({
      action: 'permission.respond',
      sessionId: crypto.randomUUID(),
      requestId,
      body: { optionId: 'allow' },
    })
    await peer.next(({ type, message }) => type === 'error' && message.includes('not found'))
    expect((await read(id)).pendingPermission).toMatchObject({ requestId })

    respond(requestId, { optionId: 'allow' })
    await turn
    expect(saidIn(await logs(id))).toBe('1: allow\n')
  })

  // proves: sessions.s30
  test('over REST a question is answered once', async () => {
    const { id, turn, asked } = await asking()
    const [{ requestId }] = asked

    expect(await answer(id, requestId, { optionId: 'allow' })).toMatchObject({
      status: 200,
      body: { ok: true },
    })
    const second = await answer(id, requestId, { optionId: 'reject' })

    expect([second.status, second.body]).toEqual([404, { error: expect.stringContaining('not found') }])
    await turn
    expect(saidIn(await logs(id))).toBe('1: allow\n')
    expect((await read(id)).pendingPermission).toBeNull()
    const told = await ofType(id, 'permission_responded', 'permission_approved', 'permission_rejected')
    expect(told.map(({ type, data }) => [type, data])).toEqual(
      expect.arrayContaining([
        ['permission_responded', { requestId, optionId: 'allow' }],
        ['permission_approved', { requestId, response: selected('allow') }],
      ]),
    )
    expect(told).toHaveLength(2)
  })

  // proves: sessions.s30
  test('over REST a question is cancelled', async () => {
    const { id, turn, asked } = await asking()
    const [{ requestId }] = asked

    expect(await answer(id, requestId, { outcome: 'cancelled' })).toMatchObject({ status: 200 })

    expect(await turn).toMatchObject({ body: { stopReason: 'end_turn' } })
    expect(saidIn(await logs(id))).toBe('1: cancelled\n')
    const told = await ofType(id, 'permission_cancelled', 'permission_rejected')
    expect(told.map(({ type, data }) => [type, data])).toEqual(
      expect.arrayContaining([
        ['permission_cancelled', { requestId, outcome: 'cancelled' }],
        ['permission_rejected', { requestId, response: cancelled }],
      ]),
    )
  })

  // proves: sessions.s30
  test('over REST what is no answer is refused, and the question stays open', async () => {
    const { id, turn, asked } = await asking()
    const [{ requestId }] = asked

    for (const body of [{}, { outcome: 'selected' }, { optionId: 7 }])
      expect(await answer(id, requestId, body)).toMatchObject({
        status: 400,
        body: { error: 'Missing optionId or outcome field' },
      })
    const broken = await answer(id, requestId, '{')
    expect([broken.status, broken.body]).toEqual([400, { error: expect.any(String) }])
    expect(await answer(id, requestId, { optionId: 'moon' })).toMatchObject({ status: 400 })
    expect((await answer(id, crypto.randomUUID(), { optionId: 'allow' })).status).toBe(404)
    expect((await answer(crypto.randomUUID(), requestId, { optionId: 'allow' })).status).toBe(404)
    expect((await read(id)).pendingPermission).toMatchObject({ requestId })

    await answer(id, requestId, { optionId: 'allow' })
    await turn
  })

  // proves: sessions.s30
  test('of two who answer at once one decides, and it is written down who', async () => {
    const { id, turn, asked } = await asking()
    const [{ requestId }] = asked

    const answers = await Promise.all(
      ['allow', 'reject', 'always'].map((optionId) => answer(id, requestId, { optionId })),
    )
    await turn

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404])
    const [won] = ['allow', 'reject', 'always'].filter((_, at) => answers[at]!.status === 200)
    expect(saidIn(await logs(id))).toBe(`1: ${won}\n`)
    const { body } = await call('GET', `${id}/permissions`)
    expect(body.permissions).toMatchObject([
      { requestId, state: 'answered', optionId: won, answeredBy: { kind: 'user', id: 'alice' } },
    ])
  })

  // proves: sessions.s31
  test.each([
    ['first to last', [0, 1]],
    ['last to first', [1, 0]],
  ])('two open questions are answered from %s', async (_, order) => {
    const { id, turn, asked } = await asking(2)
    const shown = async () => (await read(id)).pendingPermission?.requestId ?? null
    const ids = asked.map(({ requestId }) => requestId)
    // The oldest that is open is shown.
    expect(await shown()).toBe(ids[0])

    await answer(id, ids[order[0]!], { optionId: 'allow' })

    await eventually(async () => (await ofType(id, 'permission_approved')).length === 1)
    expect(await shown()).toBe(ids[order[1]!])
    expect((await call('GET', `${id}/status`)).body).toEqual({ processing: true, pendingPermission: true })
    await answer(id, ids[order[1]!], { optionId: 'reject' })
    await turn

    const byTitle = asked.map(({ title }) => title.at(-1))
    const lines = saidIn(await logs(id))
      .trim()
      .split('\n')
      .sort()
    expect(lines).toEqual([`${byTitle[order[0]!]}: allow`, `${byTitle[order[1]!]}: reject`].sort())
    expect(await shown()).toBeNull()
  })

  // proves: sessions.s28
  test('a question that its agent no longer waits for is not open', async () => {
    const spawn = await scriptedAgent(
      stage().cwd,
      `function on(message) {
        if (message.method !== 'session/prompt') return
        ask('q', options)
        setTimeout(() => reply(message, { stopReason: 'end_turn' }), 200)
      }`,
    )
    const id = await stage().session({ spawn })

    const turn = stage().prompt(id, 'go')
    const { requestId } = await eventually(async () => (await read(id)).pendingPermission)
    expect(await turn).toMatchObject({ status: 200, body: { stopReason: 'end_turn' } })

    const [rejected] = await eventually(async () => {
      const events = await ofType(id, 'permission_rejected')
      return events.length > 0 && events
    })
    expect(rejected!.data).toEqual({ requestId, response: cancelled })
    expect((await read(id)).pendingPermission).toBeNull()
    expect((await answer(id, requestId, { optionId: 'yes' })).status).toBe(404)
  })

  // proves: sessions.s28
  test('the end of a session ends its questions', async () => {
    const { id, turn, asked } = await asking(2)

    await call('DELETE', id)
    await turn

    expect(await read(id)).toMatchObject({ status: 'killed', pendingPermission: null })
    expect((await call('GET', `${id}/status`)).body).toEqual({ processing: false, pendingPermission: false })
    for (const { requestId } of asked)
      expect((await answer(id, requestId, { optionId: 'allow' })).status).toBe(404)
    const { body } = await call('GET', `${id}/permissions`)
    expect(body.permissions.map(({ state }: { state: string }) => state)).toEqual(['cancelled', 'cancelled'])
  })
})
