// A web service that lets assistants help with its form: the plane is mounted in three lines.
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pathToFileURL } from 'node:url'
import { createHandshake } from '@parley/handshake'
import { moduleFile } from './modules.js'

const html = new URL('../page.html', import.meta.url)

/** Serves the page and its plane; port 0 takes a free one. */
export async function startPage(port: number): Promise<{ url: string; stop(): Promise<void> }> {
  const handshake = createHandshake()
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname
    if (handshake.owns(path)) return handshake.node(request, response)
    const file = path === '/' ? html : moduleFile(path)
    const text = file && (await readFile(file, 'utf8').catch(() => undefined))
    const type = path === '/' ? 'text/html; charset=utf-8' : 'text/javascript; charset=utf-8'
    return text === undefined
      ? response.writeHead(404).end()
      : response.writeHead(200, { 'content-type': type }).end(text)
  }
  const server = createServer((request, response) => void answer(request, response))
  server.on('upgrade', handshake.upgrade)
  await handshake.ready
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))

  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    await handshake.stop()
    server.closeAllConnections()
    await closed
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { url } = await startPage(Number(process.env.PORT ?? 3000))
  console.info(`Open ${url}`)
}
