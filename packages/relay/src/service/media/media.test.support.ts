import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type FakeClock, fakeClock, type TestGround, testGrounds } from '@parley/testkit'
import type { RelayOptions } from '../options.js'
import { openDeps } from '../rooms.test.support.js'
import { createMedia, type MediaPlace } from './index.js'

const grounds = await testGrounds()
const cleanUp: (() => Promise<unknown>)[] = []

/** For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
}

export type OpenMedia = {
  media: MediaPlace
  clock: FakeClock
  deps: Awaited<ReturnType<typeof openDeps>>
}

/** Media on a ground of its own. Every host name leads to this machine. */
export async function openMedia(
  options: RelayOptions = {},
  kind: TestGround | undefined = grounds[0],
): Promise<OpenMedia> {
  const clock = fakeClock()
  const { ground, close } = await kind!.open({ clock })
  const deps = await openDeps(ground, { publicUrl: 'https://c.example', ...options })
  const media = createMedia(deps, { resolve: async () => [{ address: '127.0.0.1', family: 4 }] })
  cleanUp.push(close, () => media.stop())
  return { media, clock, deps }
}

/** A server of files; its address has the name of a host. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  cleanUp.push(async () => {
    server.closeAllConnections()
    server.close()
  })
  return `http://files.example:${(server.address() as AddressInfo).port}`
}

export const never = new AbortController().signal
