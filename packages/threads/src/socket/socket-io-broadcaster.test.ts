import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually } from '@parley/testkit'
import { Server } from 'socket.io'
import { io } from 'socket.io-client'
import { expect, onTestFinished, test } from 'vitest'
import { openPlane, people } from '../plane.test.support.js'
import { text } from '../protocol/index.js'
import { socketIoBroadcaster } from './socket-io-broadcaster.js'

/** A Socket.IO server of the application's own: whoever connects says who it is and what it follows. */
async function openOwnServer() {
  const server = createServer()
  const own = new Server(server)
  own.on('connection', async (socket) => {
    socket.data.identity = { id: socket.handshake.auth.id }
    await socket.join(`thread:${socket.handshake.auth.thread}`)
    socket.emit('ready')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => own.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const follow = async (id: string, thread: string) => {
    const socket = io(url, { auth: { id, thread }, forceNew: true, transports: ['websocket'] })
    onTestFinished(() => void socket.disconnect())
    const names: string[] = []
    socket.onAny((name: string, payload) => names.push([name, payload?.reason].filter(Boolean).join(' ')))
    await new Promise<void>((resolve) => socket.once('ready', resolve))
    return names
  }
  return { own, follow }
}

test('the frames of the contract go to the rooms of a server of the application', async () => {
  const { own, follow } = await openOwnServer()
  const { call, room } = await openPlane({ broadcaster: socketIoBroadcaster(own) })
  const id = await room()
  const other = await room()
  const [alice, bob, elsewhere] = [
    await follow('u_alice', id),
    await follow('u_bob', id),
    await follow('u_alice', other),
  ]

  await call('alice', 'POST', `/threads/${id}/members`, { identity: people.bob })
  await call('alice', 'PATCH', `/threads/${id}`, { metadata: { n: 1 } })
  await call('alice', 'DELETE', `/threads/${id}/members/u_bob`)
  await eventually(() => bob.includes('thread:left removed'))
  await call('alice', 'POST', `/threads/${id}/messages`, { content: [text('hi')] })
  await call('alice', 'DELETE', `/threads/${id}`)
  await eventually(() => alice.includes('thread:left deleted'))

  const both = ['ready', 'event', 'members:updated', 'thread:updated', 'event', 'members:updated']
  expect(bob).toEqual([...both, 'thread:left removed'])
  expect(alice).toEqual([...both, 'event', 'thread:deleted', 'thread:left deleted'])
  expect(elsewhere).toEqual(['ready'])
})
