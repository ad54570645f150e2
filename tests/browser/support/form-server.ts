import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, normalize } from 'node:path'
import type { Duplex } from 'node:stream'
import { createHandshake } from '@parley/handshake'
import { type Ground, openGround } from '@parley/kernel/ground'
import { root } from '../../architecture/checkout.js'

/** Somebody's own site: a page with a form, the client as plain modules, and the plane mounted beside them. */
export interface FormServer {
  readonly url: string
  readonly ground: Ground
  /** Cuts all sockets off, and refuses new ones until `takeSockets`. */
  dropSockets(): void
  takeSockets(): void
  close(): Promise<void>
}

const nonce = 'a1b2c3'
const policy = `default-src 'self'; script-src 'self' 'nonce-${nonce}'; connect-src 'self' ws:`
// The client is not bundled: a browser needs nothing but the names of its packages.
const importMap = JSON.stringify({
  imports: {
    '@parley/handshake/client': '/modules/handshake/client/index.js',
    '@parley/kernel/wire': '/modules/kernel/wire/index.js',
    'zod/mini': '/modules/zod/mini/index.js',
  },
})
const script = `
import { bindForm } from '@parley/handshake/client'
document.querySelector('#bind').addEventListener('click', async () => {
  window.binding = await bindForm(document.querySelector('form'), { reconnect: { minMs: 10, maxMs: 50 } })
  document.body.dataset.bound = window.binding.session.sessionId
})`
const folders: Readonly<Record<string, string>> = {
  '/modules/handshake/': join(root, 'packages/handshake/dist'),
  '/modules/kernel/': join(root, 'packages/kernel/dist'),
  '/modules/zod/': join(root, 'node_modules/zod'),
}

/** Serves a form on a free port. `controls` is the HTML inside of it. */
export async function startFormServer(controls: string): Promise<FormServer> {
  const ground = await openGround({ database: ':memory:' })
  const handshake = createHandshake({ ground })
  const sockets = new Set<Duplex>()
  let takes = true
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://page')
    if (handshake.owns(pathname)) return void handshake.node(request, response)
    void answer(pathname, controls, response)
  })
  server.on('upgrade', (request, socket, head) => {
    if (!takes) return socket.destroy()
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    handshake.upgrade(request, socket, head)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ground,
    dropSockets: () => {
      takes = false
      for (const socket of sockets) socket.destroy()
    },
    takeSockets: () => {
      takes = true
    },
    close: async () => {
      await handshake.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await ground.close()
    },
  }
}

async function answer(path: string, controls: string, response: ServerResponse): Promise<void> {
  const folder = Object.keys(folders).find((prefix) => path.startsWith(prefix))
  if (path === '/') return send(response, 'text/html', page(controls))
  if (path === '/page.js') return send(response, 'text/javascript', script)
  if (!folder) return void response.writeHead(path === '/favicon.ico' ? 204 : 404).end()
  const file = join(folders[folder]!, normalize(path.slice(folder.length)))
  send(response, 'text/javascript', await readFile(file, 'utf8'))
}

function send(response: ServerResponse, type: string, text: string): void {
  response
    .writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': policy })
    .end(text)
}

const page = (controls: string) => `<!doctype html>
<html lang="en">
  <head>
    <title>Order</title>
    <script type="importmap" nonce="${nonce}">${importMap}</script>
    <script type="module" src="/page.js"></script>
  </head>
  <body>
    <form>${controls}</form>
    <button id="bind">Bind</button>
  </body>
</html>`
