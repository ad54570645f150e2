import { eventually } from '@parley/testkit'
import { expect, it } from 'vitest'
import { openRooms } from '../rooms.test.support.js'
import { handlersObserver } from './index.js'

const update = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'hi' } }
const updated = {
  type: 'rpc',
  data: {
    method: 'session/update',
    direction: 'agent_to_client',
    phase: 'notification',
    payload: { update },
  },
}
const failed = { type: 'error', data: { message: 'broken' } }
const ended = { type: 'session.terminated', data: { exitCode: 7, reason: 'agent_exit' } }

it('tells messages, failures and the end, each once and in order', async () => {
  const rooms = await openRooms()
  const told: unknown[] = []
  const note = async (what: unknown) => void told.push(what)
  rooms.intake.observe(
    handlersObserver({ onSessionEnd: note, onAgentMessage: note, onError: note, onFault: rooms.onFault }),
  )
  const { id } = await rooms.session()
  const byCallback = { type: 'agent_message', data: { sessionUpdate: update }, via: 'callback' as const }

  await rooms.happen(id, { type: 'queue.updated', data: {} }, updated, byCallback, failed, ended, ended)
  await eventually(() => told.length >= 4)

  const session = {
    id,
    agentName: 'Scripted',
    runtime: 'local',
    spawn: { command: 'scripted', args: [] },
    startedAt: new Date(rooms.clock.now()).toISOString(),
  }
  expect(told).toEqual([
    { session, type: 'agent_message_chunk', data: update },
    { session, type: 'agent_message_chunk', data: update },
    { session, error: new Error('broken') },
    { session, reason: 'agent_exit', exitCode: 7 },
  ])
})

it('an end without an exit code has none', async () => {
  const rooms = await openRooms()
  const told: unknown[] = []
  const onSessionEnd = async (context: unknown) => void told.push(context)
  rooms.intake.observe(handlersObserver({ onSessionEnd, onFault: rooms.onFault }))
  const { id } = await rooms.session()
  await rooms.happen(id, { type: 'session.terminated', data: { exitCode: -1, reason: 'terminated' } })
  await eventually(() => told.length === 1)

  expect(told[0]).toMatchObject({ reason: 'terminated' })
  expect(told[0]).not.toHaveProperty('exitCode')
})

it('what a handler throws is reported and harms nobody', async () => {
  const rooms = await openRooms()
  const onError = () => {
    throw new Error('at once')
  }
  const onSessionEnd = async () => {
    throw new Error('later')
  }
  rooms.intake.observe(handlersObserver({ onError, onSessionEnd, onFault: rooms.onFault }))
  const { id } = await rooms.session()
  await rooms.happen(id, failed, ended)
  await eventually(() => rooms.faults.length === 2)

  expect(rooms.faults).toEqual([new Error('at once'), new Error('later')])
  expect(await rooms.types(id)).toEqual(['error', 'session.terminated'])
})
