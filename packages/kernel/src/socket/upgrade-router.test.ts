import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { eventually } from '@parley/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { listen } from './socket-fixture.test.support.js'
import { createUpgradeRouter } from './upgrade-router.js'

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function routerFixture() {
  const faults: unknown[] = []
  const router = createUpgradeRouter({ onFault: (error) => void faults.push(error) })
  const server = createServer()
  server.on('upgrade', router.handle)
  const port = await listen(server)
  cleanups.push(() => new Promise((resolve) => server.close(() => resolve())))

  const upgrade = (path: string): { socket: Socket; answer: Promise<string> } => {
    const socket = connect(port, '127.0.0.1')
    cleanups.push(() => void socket.destroy())
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString()
    })
    return { socket, answer: new Promise((resolve) => socket.once('close', () => resolve(text))) }
  }
  return { router, faults, upgrade }
}

describe('the upgrade router', () => {
  it('answers an unknown path with 400 and closes the socket', async () => {
    const { upgrade } = await routerFixture()

    expect(await upgrade('/nowhere').answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
  })

  it('answers a target that is not a path with 400', async () => {
    const { upgrade, router } = await routerFixture()
    router.route(
      (url) => url,
      (_request, socket) => void socket.end('taken'),
    )

    expect(await upgrade('http://elsewhere/').answer).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('hands a path to the first route that wants it, with what its matcher found', async () => {
    const { upgrade, router } = await routerFixture()
    const room = (url: URL) => /^\/rooms\/(\w+)$/.exec(url.pathname)?.[1]
    router.route(room, (_request, socket, _head, id) => void socket.end(`room ${id}`))
    router.route(
      (url) => (url.pathname.startsWith('/rooms/') ? 'other' : undefined),
      (_request, socket, _head, name) => void socket.end(name),
    )

    expect(await upgrade('/rooms/a1?token=x').answer).toBe('room a1')
    expect(await upgrade('/rooms/a-1').answer).toBe('other')
  })

  it('does not let a double slash name another host', async () => {
    const { upgrade, router } = await routerFixture()
    router.route(
      (url) => (url.pathname === '/admin' ? 'admin' : undefined),
      (_request, socket, _head, name) => void socket.end(name),
    )

    expect(await upgrade('//evil.example/admin').answer).toMatch(/ 400 /)
  })

  it('answers 500 when a handler throws or rejects, and reports it', async () => {
    const { upgrade, router, faults } = await routerFixture()
    router.route(
      (url) => (url.pathname === '/throws' ? url : undefined),
      () => {
        throw new Error('thrown')
      },
    )
    router.route(
      (url) => (url.pathname === '/rejects' ? url : undefined),
      () => Promise.reject(new Error('rejected')),
    )

    expect(await upgrade('/throws').answer).toMatch(/^HTTP\/1\.1 500 /)
    expect(await upgrade('/rejects').answer).toMatch(/^HTTP\/1\.1 500 /)
    expect(faults.map(String)).toEqual(['Error: thrown', 'Error: rejected'])
  })

  it('survives a client that resets the connection while a handler is at work', async () => {
    const { upgrade, router } = await routerFixture()
    let taken: { destroyed: boolean } | undefined
    router.route(
      (url) => url,
      (_request, socket) => {
        taken = socket
        socket.resume()
        return new Promise(() => {})
      },
    )

    const { socket } = upgrade('/slow')
    await eventually(() => taken)
    socket.resetAndDestroy()

    expect(await eventually(() => taken?.destroyed)).toBe(true)
  })
})
