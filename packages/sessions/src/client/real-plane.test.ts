// The client against the plane itself, on a port.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { openPlane } from '../plane.test.support.js'
import { openSessionsClient } from './create.js'
import { edgeOf } from './edge.js'

async function openServed() {
  const plane = await openPlane()
  const server = createServer((request, response) => void plane.sessions.node(request, response))
  server.on('upgrade', plane.sessions.upgrade)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // The cast: a server that listens on a port has an address of this kind.
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`
  const client = openSessionsClient({ baseUrl, token: 'alice' }, edgeOf({ WebSocket, pauses: [5, 10] }))
  await client.startRuntime('box')
  onTestFinished(() => {
    client.close()
    server.closeAllConnections()
    server.close()
  })
  return { plane, client }
}

test('a session is made, followed, prompted and ended', async () => {
  const { plane, client } = await openServed()
  const { id } = await client.createSession({ spawn: { command: 'demo', args: [] }, name: 'Demo' })
  const session = client.session(id)
  await eventually(() => session.getState().status === 'live')

  await expect(session.prompt('Hello')).resolves.toMatchObject({ accepted: true })
  const state = await eventually(() => {
    const now = session.getState()
    return now.timeline.at(-1)?.kind === 'turn' ? now : undefined
  })

  expect(state.timeline[0]).toMatchObject({ kind: 'prompt', text: 'Hello' })
  expect(state.timeline.filter(({ kind }) => kind === 'pending')).toEqual([])
  expect((await client.fetchSession(id)).logs).toEqual(session.logs())
  expect(await client.fetchSessions()).toMatchObject([{ id, agentName: 'Demo', title: 'Hello' }])

  await session.terminate()
  await eventually(() => session.getState().status === 'ended')
  session.close()
  const again = client.session(id)
  const ended = await eventually(() => {
    const now = again.getState()
    return now.status === 'ended' ? now : undefined
  })
  expect(ended.timeline.map(({ kind }) => kind)).toEqual(session.getState().timeline.map(({ kind }) => kind))
  expect(plane.faults).toEqual([])
})

test('what can be read is read', async () => {
  const { client } = await openServed()
  const { id } = await client.createSession({ spawn: { command: 'demo', args: [] } })

  expect(await client.fetchSessionStatus(id)).toEqual({ processing: false, pendingPermission: false })
  expect(await client.fetchCommands(id)).toEqual([])
  expect(await client.fetchPermissions(id)).toEqual([])
  expect(await client.fetchWebhookDeliveries(id)).toEqual([])
  expect(await client.fetchQueue(id)).toMatchObject({ items: [] })
  expect(await client.updateSessionSettings(id, { autoApprovePermissions: true })).toEqual({
    autoApprovePermissions: true,
  })
  expect(await client.fetchRuntimes()).toMatchObject([{ typeName: 'box' }])
  expect(await client.fetchAgentTemplates()).toEqual([])
  expect(await client.listMessageQueue()).toEqual([])
  await expect(client.fetchSession('nobody')).rejects.toMatchObject({
    message: 'Session not found',
    status: 404,
  })
})
