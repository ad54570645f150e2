import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import type { PermissionCallbackResponse } from '../../protocol/index.js'
import { openRooms } from '../rooms.test.support.js'
import { callbackHandler } from './index.js'

async function opened({ trustCallbacks = false } = {}) {
  const rooms = await openRooms()
  const asked: unknown[] = []
  const answers: PermissionCallbackResponse[] = []
  const decide = async (
    _session: unknown,
    request: Record<string, unknown>,
  ): Promise<PermissionCallbackResponse> => {
    asked.push(request)
    return answers.shift() ?? { deferred: true }
  }
  const call = callbackHandler({ ...rooms, decide, trustCallbacks })
  const session = await rooms.session({ hostId: null })
  return { rooms, call, session, asked, answers }
}

const endTurn = { type: 'end_turn' as const, data: { promptResponse: { stopReason: 'end_turn' } } }

it('answers each type as the contract says, and keeps what was told', async () => {
  const { rooms, call, session, asked, answers } = await opened()
  const request = { requestId: 'r', toolCallId: 't', title: 'Edit', options: [] }
  const tell = (event: Parameters<typeof call>[2]) => call(session.id, 'secret', event)
  answers.push({ deferred: true }, { optionId: 'allow' }, { outcome: 'cancelled' })

  expect(await tell({ type: 'permission_request', data: request })).toEqual({ deferred: true })
  expect(await tell({ type: 'permission_request', data: request })).toEqual({ optionId: 'allow' })
  expect(await tell({ type: 'permission_request', data: request })).toEqual({ outcome: 'cancelled' })
  const others = [
    endTurn,
    { type: 'agent_message', data: { sessionUpdate: {} } },
    { type: 'error', data: { message: 'x' } },
    { type: 'prompt_sent', data: { text: 'x' } },
    { type: 'session_end', data: { exitCode: 3 } },
  ]
  for (const event of others) expect(await tell(event)).toEqual({ ok: true })

  expect(asked).toEqual([request, request, request])
  const told = ['end_turn', 'agent_message', 'error', 'prompt_sent', 'session_end', 'session.terminated']
  expect(await rooms.types(session.id)).toEqual(told)
  expect(await rooms.row(session.id)).toMatchObject({
    status: 'killed',
    callsBack: true,
    end: { reason: 'agent_exit', exitCode: 3 },
  })
})

it.each([
  ['a wrong secret', 'wrong'],
  ['an empty secret', ''],
  ['the hash itself', '2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b'],
  ['no secret', undefined],
])('with %s it is as if there were no such session', async (_what, secret) => {
  const { rooms, call, session } = await opened()
  const refused = await call(session.id, secret, endTurn).catch((error) => error)
  const unknown = await call(randomUUID(), 'secret', endTurn).catch((error) => error)

  expect([refused.status, unknown.status]).toEqual([404, 404])
  expect(refused.code).toBe(unknown.code)
  expect(await rooms.types(session.id)).toEqual([])
  expect(await rooms.row(session.id)).toMatchObject({ callsBack: false })
})

it('where callbacks are trusted none needs a secret, and a wrong one is refused all the same', async () => {
  const { call, session } = await opened({ trustCallbacks: true })

  expect(await call(session.id, undefined, endTurn)).toEqual({ ok: true })
  await expect(call(session.id, 'wrong', endTurn)).rejects.toMatchObject({ status: 404 })
})

it.each(['../../etc/passwd', '..%2F..%2Fname', 'x', '', `${randomUUID()}/..`])(
  '%j is no session',
  async (id) => {
    const { call } = await opened({ trustCallbacks: true })
    await expect(call(id, undefined, endTurn)).rejects.toMatchObject({ status: 404 })
  },
)

it.each([
  null,
  'x',
  [],
  {},
  { type: 'end_turn' },
  { data: {} },
  { type: '', data: {} },
  { type: 7, data: {} },
  { type: 'end_turn', data: null },
  { type: 'end_turn', data: [] },
  { type: 'x'.repeat(201), data: {} },
])('refuses %j', async (event) => {
  const { rooms, call, session } = await opened()
  // The cast: hosts may send anything.
  const refused = call(session.id, 'secret', event as never)
  await expect(refused).rejects.toMatchObject({ status: 400, message: 'Invalid event: missing type or data' })
  expect(await rooms.types(session.id)).toEqual([])
})

it('stores nothing that only the events of a host may say', async () => {
  const { rooms, call, session } = await opened()
  const forged = [
    'rpc',
    'session.terminated',
    'permission_approved',
    'queue.updated',
    'terminal.data',
    'session.resumed',
  ]
  for (const type of forged)
    expect(await call(session.id, 'secret', { type, data: {} })).toEqual({ ok: true })

  expect(await rooms.types(session.id)).toEqual([])
  expect(await rooms.row(session.id)).toMatchObject({ status: 'active', processing: false })
})

it('a host that is late changes nothing', async () => {
  const { rooms, call, session, asked } = await opened()
  await rooms.happen(session.id, { type: 'session.terminated', data: { exitCode: -1, reason: 'terminated' } })

  expect(await call(session.id, 'secret', { type: 'session_end', data: { exitCode: 0 } })).toEqual({
    ok: true,
  })
  const request = { type: 'permission_request', data: { requestId: 'r' } }
  expect(await call(session.id, 'secret', request)).toEqual({ outcome: 'cancelled' })

  expect(asked).toEqual([])
  expect(await rooms.types(session.id)).toEqual(['session.terminated'])
  expect(await rooms.row(session.id)).toMatchObject({ end: { reason: 'terminated' } })
})
