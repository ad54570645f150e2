import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { telegramApi } from './api.js'

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const never = new AbortController().signal

// proves: relay.s12
test('nothing follows a redirect, neither a call nor a file', async () => {
  let reached = 0
  const inside = await serve((_, response) => {
    reached += 1
    response.end('{"ok":true,"result":{"id":7}}')
  })
  const root = await serve((_, response) => void response.writeHead(307, { location: inside }).end())
  const { api, download } = telegramApi('7:token', root)

  await expect(download('photos/1.jpg', never)).rejects.toThrow('a file of Telegram could not be loaded')
  await expect(api.getMe()).rejects.toThrow()
  expect(reached).toBe(0)
})

// proves: relay.s17
test('a file is read no further than files may be large', async () => {
  const part = Buffer.alloc(1_048_576)
  const root = await serve((_, response) => {
    const more = () => {
      while (response.write(part));
      response.once('drain', more)
    }
    more()
  })
  const { download } = telegramApi('7:token', root)

  await expect(download('photos/1.jpg', never)).rejects.toThrow('a file of Telegram is too large')
})
