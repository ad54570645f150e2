import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { io } from 'socket.io-client'
import { expect, onTestFinished, test } from 'vitest'
import { openPlane } from './plane.test.support.js'

type Transport = 'websocket' | 'polling'

/** A server of somebody's framework, which answers everything with its own words. */
async function openServer() {
  const server = createServer((_request, response) => response.end('mine'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const read = async (path: string) => (await fetch(url + path)).text()
  const join = (transport: Transport, path = '/socket.io') => {
    const socket = io(url, {
      path,
      auth: { token: 'alice' },
      transports: [transport],
      forceNew: true,
      reconnection: false,
    })
    onTestFinished(() => void socket.disconnect())
    return new Promise<string>((resolve) => {
      socket.once('connect', () => resolve('connected'))
      socket.once('connect_error', () => resolve('refused'))
    })
  }
  /** The first line that an upgrade of another path is answered with. */
  const upgrade = (path: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`),
      )
      socket.once('data', (data) => {
        resolve(String(data).split('\r\n', 1)[0]!)
        socket.destroy()
      })
    })
  return { server, read, join, upgrade }
}

test('the Socket.IO door takes its path and leaves the rest to the listeners that are there', async () => {
  const { server, read, join, upgrade } = await openServer()
  server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 418 Mine\r\n\r\n'))
  const { threads } = await openPlane()

  const stop = threads.attachSocketIo(server)
  const attached = [await join('websocket'), await join('polling'), await read('/'), await upgrade('/other')]
  stop()
  stop()

  expect(attached).toEqual(['connected', 'connected', 'mine', 'HTTP/1.1 418 Mine'])
  expect([await join('polling'), await read('/socket.io/'), await upgrade('/socket.io/')]).toEqual([
    'refused',
    'mine',
    'HTTP/1.1 418 Mine',
  ])
  expect([server.listenerCount('request'), server.listenerCount('upgrade')]).toEqual([1, 1])
})

test('it may live at another path, and at two', async () => {
  const { server, read, join, upgrade } = await openServer()
  const { threads } = await openPlane()

  threads.attachSocketIo(server)
  threads.attachSocketIo(server, { socketPath: '/acp/ws' })

  expect([
    await join('websocket'),
    await join('websocket', '/acp/ws'),
    await join('polling', '/acp/ws'),
  ]).toEqual(['connected', 'connected', 'connected'])
  expect(await read('/acp/wsx')).toBe('mine')
  expect(await upgrade('/other')).toBe('HTTP/1.1 400 Bad Request')
})
