import type { Principal } from '@parley/kernel/principal'
import { eventually } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import type { HostRequest, HostResponse } from '../../protocol/index.js'
import type { SessionRow } from '../../store/port.js'
import { linkedHost } from '../hosts/fake-host.test.support.js'
import { addSession, chunk, type Node, openNode } from '../hosts/hosts.test.support.js'
import { streamOf } from '../intake/streams.js'
import { cancelTurn, prompt, promptSession, sendPrompt } from './index.js'

const ann: Principal = { kind: 'user', id: 'ann', tenant: {}, scopes: ['sessions:use'] }

/** A linked session whose host answers as told. */
async function open(
  answer: (request: HostRequest) => HostResponse | undefined,
  more: Partial<SessionRow> = {},
) {
  const node = await openNode()
  const session = await addSession(node, more)
  const host = await linkedHost({ url: node.url, sessions: [session.id], answer })
  return { node, deps: depsOf(node), session, host }
}

/** Requests go to host `h1`, whatever the session's host is. */
const depsOf = (node: Node) => ({
  ground: node.ground,
  store: node.store,
  onFault: (error: unknown) => void node.faults.push(error),
  router: {
    session: ({ id }: SessionRow, { path, ...request }: HostRequest, options?: { signal?: AbortSignal }) =>
      node.hosts.links.request('h1', { ...request, path: `/sessions/${id}${path}` }, options),
    instance: () => Promise.reject(new Error('not asked')),
  },
})

const accepted = (turnId: string): HostResponse => ({ status: 202, body: { accepted: true, turnId } })
const turn = (phase: 'request' | 'response', turnId: string, payload: unknown) => ({
  type: 'rpc',
  data: { method: 'session/prompt', direction: 'agent_to_client', phase, payload, turnId },
})

describe('a prompt', () => {
  it('is answered when its turn is over', async () => {
    const { deps, session, host } = await open(() => accepted('t2'))
    let result: unknown
    const asked = prompt(deps, ann, session.id, { text: 'hi' }).then((given) => (result = given))
    await eventually(() => host.requests.length === 1)
    expect(host.requests[0]).toMatchObject({
      method: 'POST',
      path: `/sessions/${session.id}/prompt`,
      body: { text: 'hi' },
    })

    host.event(session.id, turn('response', 't1', { stopReason: 'refusal' }))
    host.event(session.id, turn('request', 't2', {}))
    host.event(session.id, chunk('t2'))
    await host.acked()
    expect(result).toBeUndefined()
    host.event(session.id, turn('response', 't2', { stopReason: 'end_turn', usage: { tokens: 3 } }))

    expect(await asked).toEqual({ stopReason: 'end_turn', usage: { tokens: 3 } })
  })

  it('whose turn is over before the host has answered is answered all the same', async () => {
    const { deps, session, host, node } = await open(() => undefined)
    const asked = prompt(deps, ann, session.id, { text: 'hi' })
    await eventually(() => host.requests.length === 1)
    host.event(session.id, turn('response', 't1', { stopReason: 'end_turn' }))
    await host.acked()

    host.send({ type: 'res', id: host.requests[0]?.id, ...accepted('t1') })

    expect(await asked).toEqual({ stopReason: 'end_turn' })
    expect(node.faults).toEqual([])
  })

  it('that is repeated with its key is answered with the turn of the first time', async () => {
    const { deps, session, host } = await open(() => accepted('t1'))
    host.event(session.id, turn('response', 't1', { stopReason: 'end_turn' }))
    await host.acked()

    const result = await promptSession(deps, session, { text: 'hi', key: 'message:1', by: ann })

    expect(result).toEqual({ stopReason: 'end_turn' })
    expect(host.requests[0]?.key).toBe('message:1')
  })

  it('that was queued is answered at once', async () => {
    const queued = { queued: true, queueId: 'q', position: 0 } as const
    const { deps, session } = await open(() => ({ status: 202, body: queued }))

    expect(await prompt(deps, ann, session.id, { text: 'hi' })).toEqual(queued)
    expect(await sendPrompt(deps, ann, session.id, 'hi')).toEqual(queued)
  })

  it('of a host that answers with the result is passed through', async () => {
    const { deps, session } = await open(() => ({ status: 200, body: { stopReason: 'max_tokens' } }))

    expect(await prompt(deps, ann, session.id, { text: 'hi' })).toEqual({ stopReason: 'max_tokens' })
  })

  it('whose turn failed says why', async () => {
    const { deps, session, host } = await open(() => accepted('t1'))
    const asked = prompt(deps, ann, session.id, { text: 'hi' })
    host.event(
      session.id,
      turn('response', 't1', { error: { code: -32603, message: 'Failed', data: { details: 'no quota' } } }),
    )

    await expect(asked).rejects.toMatchObject({
      status: 500,
      message: 'Prompt failed (500): {"error":"prompt: rpc error -32603: Failed: no quota"}',
    })
  })

  it('whose session ends fails', async () => {
    const { deps, session, host } = await open(() => accepted('t1'))
    const asked = prompt(deps, ann, session.id, { text: 'hi' })
    await eventually(() => host.requests.length === 1)

    host.event(session.id, { type: 'session.terminated', data: { exitCode: 1, message: 'crashed' } })

    await expect(asked).rejects.toMatchObject({
      message: 'Prompt failed (500): {"error":"Session ended: crashed"}',
    })
  })

  it('can be left alone; the turn goes on', async () => {
    const { deps, session, host } = await open(() => accepted('t1'))
    const leave = new AbortController()
    const asked = prompt(deps, ann, session.id, { text: 'hi', signal: leave.signal })
    await eventually(() => host.requests.length === 1)

    leave.abort(new Error('left'))

    await expect(asked).rejects.toThrow('left')
    expect(host.requests).toHaveLength(1)
  })

  it.each([
    [404, { error: 'Session not found' }, 404, 'Prompt failed (404): Session not found'],
    [
      409,
      { error: 'Prompt already running' },
      500,
      'Prompt failed (409): {"error":"Prompt already running"}',
    ],
    [500, { error: 'no' }, 500, 'Prompt failed (500): {"error":"no"}'],
    [503, { error: 'host not connected' }, 503, 'host not connected'],
    [429, { error: 'Queue is full (max 50 items)' }, 429, 'Queue is full (max 50 items)'],
    [202, { what: 1 }, 500, 'Prompt failed (202): {"what":1}'],
  ])('that the host answers with %i is refused', async (status, body, expected, message) => {
    const { deps, session } = await open(() => ({ status, body }))

    await expect(prompt(deps, ann, session.id, { text: 'hi' })).rejects.toMatchObject({
      status: expected,
      message,
    })
  })

  it('needs a text, and a session that lives and may be seen', async () => {
    const { deps, session, node } = await open(() => accepted('t1'), { tenant: { org: 'b' } })
    const killed = await addSession(node, { status: 'killed' })

    // The cast: what people send is anything.
    for (const text of ['', undefined, 7])
      await expect(prompt(deps, ann, session.id, { text: text as string })).rejects.toMatchObject({
        status: 400,
        message: "Missing 'text' field",
      })
    await expect(prompt(deps, ann, killed.id, { text: 'x'.repeat(600_000) })).rejects.toMatchObject({
      status: 413,
    })
    for (const id of [session.id, killed.id, 'no-id'])
      await expect(prompt(deps, ann, id, { text: 'hi' })).rejects.toMatchObject({
        status: 404,
        message: 'Prompt failed (404): Session not found',
      })
    await expect(prompt(deps, { ...ann, scopes: [] }, killed.id, { text: 'hi' })).rejects.toMatchObject({
      status: 403,
    })
  })
})

describe('sending a prompt', () => {
  it('waits for the host only', async () => {
    const { deps, session } = await open(() => accepted('t1'))

    expect(await sendPrompt(deps, ann, session.id, 'hi')).toEqual({ accepted: true })
  })

  it('to a host that answers when the turn is over waits for its begin', async () => {
    const { deps, session, node } = await open(() => undefined, { hostId: null })
    const sent = sendPrompt(deps, ann, session.id, 'hi')

    await eventually(async () => {
      const event = { ...turn('request', 'x', {}), timestamp: 't' }
      await node.intake.take([{ sessionId: session.id, event }])
      return Promise.race([
        sent.then(() => true),
        new Promise((resolve) => setImmediate(() => resolve(false))),
      ])
    })

    expect(await sent).toEqual({ accepted: true })
    expect((await node.ground.log.last(streamOf(session.id), { limit: 1 })).length).toBe(1)
  })
})

describe('cancelling a turn', () => {
  it.each([
    [200, undefined],
    [409, { status: 409 }],
    [404, { status: 404 }],
    [503, { status: 503 }],
    [500, { status: 500 }],
  ])('answered with %i', async (status, refusal) => {
    const { deps, session, host } = await open(() => ({ status, body: { error: 'x' } }))

    const cancelled = cancelTurn(deps, ann, session.id)

    if (refusal) await expect(cancelled).rejects.toMatchObject(refusal)
    else await cancelled
    expect(host.requests[0]).toMatchObject({ method: 'POST', path: `/sessions/${session.id}/cancel` })
  })
})
