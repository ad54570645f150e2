// A Bot API server for one bot, as far as it is needed: https://core.telegram.org/bots/api. In trouble it repeats the bot's token.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

type Trouble = 'none' | 'broken page' | 'refusal' | 'hangs up'
type Update = { update_id: number } & Record<string, unknown>

export type FakeTelegram = {
  origin: string
  /** What was called, in order. */
  calls: string[]
  /** From now on; who waits for updates is cut off. */
  be(trouble: Trouble): void
  /** A person writes to the bot directly. */
  write(text: string, more?: object): void
}

const ana = { id: 55, is_bot: false, first_name: 'Ana' }
const chat = { id: ana.id, type: 'private', first_name: 'Ana' }

/** Ends with the test. */
export async function fakeTelegram(token: string): Promise<FakeTelegram> {
  const updates: Update[] = []
  const waiting = new Set<() => void>()
  let last = 100
  let trouble: Trouble = 'none'
  const me = { id: Number(token.split(':')[0]), is_bot: true, first_name: 'Parley', username: 'parley_bot' }
  const fake: FakeTelegram = {
    origin: '',
    calls: [],
    be: (how) => {
      trouble = how
      server.closeAllConnections()
    },
    write: (text, more = {}) => {
      const message = { message_id: ++last, date: 1_767_225_600, chat, from: ana, text, ...more }
      updates.push({ update_id: last, message })
      for (const wake of waiting) wake()
    },
  }
  const poll = async (offset: number, response: ServerResponse): Promise<Update[]> => {
    const fresh = () => updates.filter(({ update_id }) => update_id >= offset)
    while (fresh().length === 0 && !response.destroyed)
      await new Promise<void>((resolve) => {
        waiting.add(resolve)
        response.once('close', resolve)
      })
    return fresh()
  }
  const call = async (method: string, body: string, response: ServerResponse): Promise<unknown> => {
    switch (method) {
      case 'getMe':
        return me
      case 'getUpdates':
        return await poll(Number(JSON.parse(body).offset ?? 0), response)
      case 'getFile':
        return { file_id: 'f1', file_unique_id: 'f1', file_path: 'documents/report.txt' }
      case 'getChat':
        return chat
      case 'getChatMember':
        return { status: 'member', user: ana }
      case 'getMyCommands':
        return []
      case 'sendMessage':
      case 'sendDocument':
      case 'editMessageText':
        return { message_id: ++last, date: 1_767_225_600, chat, from: me, text: 'x' }
      default:
        return true
    }
  }
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const [, bot = '', method = '', ...rest] = (request.url ?? '').split('/')
    if (bot === 'file')
      return response.end(rest.join('/') === 'documents/report.txt' ? 'the report' : 'nothing')
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    fake.calls.push(method)
    const json = (status: number, answer: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    if (trouble === 'hangs up') return request.socket.destroy()
    if (trouble === 'broken page')
      return response
        .writeHead(502, { 'content-type': 'text/html' })
        .end(`<h1>Bad Gateway</h1> /bot${token}/${method}`)
    if (trouble === 'refusal' || bot !== `bot${token}`)
      return json(400, {
        ok: false,
        error_code: 400,
        description: `Bad Request: ${request.url} of ${bot.slice(3)}`,
      })
    return json(200, { ok: true, result: await call(method, Buffer.concat(chunks).toString(), response) })
  }
  const server = createServer((request, response) => void serve(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    for (const wake of waiting) wake()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  // The cast: it listens on a port.
  fake.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return fake
}
