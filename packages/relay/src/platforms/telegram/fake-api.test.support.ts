// A Bot API server for tests: what it answers, refuses and remembers is as documented at https://core.telegram.org/bots/api.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answering } from '../conformance.js'
import { FakeChats, type Payload, Refusal } from './fake-chats.test.support.js'

type Update = { update_id: number } & Record<string, unknown>

/** One bot's server, and the chats behind it. */
export class FakeTelegram {
  readonly chats: FakeChats
  readonly token: string
  answering: Answering = 'well'
  /** Calls that wait because it hangs. */
  hanging = 0
  commandWrites = 0
  commands: { command: string; description: string }[] = []
  webhook: { url: string; secret: string } | undefined
  readonly answeredQueries: string[] = []
  readonly #server = createServer((request, response) => void this.#serve(request, response))
  /** Not confirmed yet. */
  #updates: Update[] = []
  #again: Update[] = []
  #confirmed = 0
  #lastUpdate = 500
  #waiting: (() => void)[] = []

  constructor(token: string, now: () => number) {
    this.token = token
    this.chats = new FakeChats(Number(token.split(':')[0]), now)
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** Something happened. */
  update(content: Record<string, unknown>): Update {
    const update = { update_id: ++this.#lastUpdate, ...content }
    this.#updates.push(update)
    this.#wake()
    return update
  }

  /** Hands an update out once more, confirmed or not. */
  again(update: Update): void {
    this.#again.push(update)
    this.#wake()
  }

  isConfirmed(update: Update): boolean {
    return update.update_id < this.#confirmed
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, bot = '', method = '', ...rest] = (request.url ?? '').split('/')
    if (bot === 'file') return this.#file(method, decodeURIComponent(rest.join('/')), response)
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    if (bot !== `bot${this.token}`)
      return answer(401, { ok: false, error_code: 401, description: 'Unauthorized' })
    const payload = await readPayload(request)
    if (this.answering !== 'well' && method !== 'getUpdates') return this.#trouble(response, answer)
    try {
      answer(200, { ok: true, result: await this.#call(method, payload, request) })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      answer(error.code, { ok: false, error_code: error.code, description: error.message })
    }
  }

  /** Every text holds the token, as if an address had been repeated. */
  #trouble(response: ServerResponse, answer: (status: number, body: unknown) => void): void {
    const how = this.answering
    if (how === 'hangs') {
      this.hanging += 1
      return
    }
    if (how === 'down') {
      response.writeHead(502, { 'content-type': 'text/html' }).end(`<h1>Bad Gateway</h1> /bot${this.token}/x`)
    } else if (typeof how === 'object') {
      const retry_after = how.limitedForMs / 1_000
      answer(429, {
        ok: false,
        error_code: 429,
        description: `Too Many Requests: retry after ${retry_after} /bot${this.token}/x`,
        parameters: { retry_after },
      })
    } else
      answer(403, { ok: false, error_code: 403, description: `Forbidden: /bot${this.token}/x was kicked` })
  }

  async #call(method: string, payload: Payload, request: IncomingMessage): Promise<unknown> {
    switch (method) {
      case 'getMe':
        return this.chats.me
      case 'getUpdates':
        return await this.#poll(Number(payload.offset ?? 0), request)
      case 'setWebhook':
        this.webhook = { url: String(payload.url), secret: String(payload.secret_token) }
        return true
      case 'deleteWebhook':
        this.webhook = undefined
        return true
      case 'answerCallbackQuery':
        this.answeredQueries.push(String(payload.callback_query_id))
        return true
      case 'getMyCommands':
        return this.commands
      case 'setMyCommands':
        this.commandWrites += 1
        this.commands = payload.commands as typeof this.commands
        return true
      default:
        return this.chats.call(method, payload)
    }
  }

  async #poll(offset: number, request: IncomingMessage): Promise<Update[]> {
    if (this.webhook) throw new Refusal(409, 'Conflict: can’t use getUpdates method while webhook is active')
    this.#confirmed = Math.max(this.#confirmed, offset)
    this.#updates = this.#updates.filter(({ update_id }) => update_id >= offset)
    while (this.#updates.length === 0 && this.#again.length === 0 && !request.socket.destroyed)
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
        request.socket.once('close', resolve)
      })
    return [...this.#again.splice(0), ...this.#updates]
  }

  #file(bot: string, path: string, response: ServerResponse): void {
    const bytes = bot === `bot${this.token}` ? this.chats.files.get(path) : undefined
    response.writeHead(bytes ? 200 : 404).end(bytes)
  }
}

/** JSON, or a form with files: their parts are named by `attach://`. */
async function readPayload(request: IncomingMessage): Promise<Payload> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  const type = request.headers['content-type'] ?? ''
  if (type.includes('json')) return JSON.parse(body.toString()) as Payload
  if (!type.includes('form-data')) return {}
  return readForm(body, /boundary=(.+)$/.exec(type)?.[1] ?? '')
}

// OUTSIDE: grammY leaves the quotes of file names out, which Telegram takes and Node's own reader does not.
function readForm(body: Buffer, boundary: string): Payload {
  const payload: Payload = {}
  for (const part of body.toString('latin1').split(`--${boundary}`).slice(1, -1)) {
    const end = part.indexOf('\r\n\r\n')
    const name = /;name="([^"]+)"/.exec(part.slice(0, end))?.[1] ?? ''
    const filename = /;filename=(.+)\r\n/.exec(part.slice(0, end))?.[1]
    const bytes = Buffer.from(part.slice(end + 4, -2), 'latin1')
    payload[name] = filename === undefined ? parsed(bytes.toString()) : new File([bytes], filename)
  }
  return payload
}

function parsed(value: string): unknown {
  return /^[[{]/.test(value) ? (JSON.parse(value) as unknown) : value
}
