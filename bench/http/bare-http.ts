// The baseline: `node:http` alone, which answers prepared bytes.
import type { IncomingMessage } from 'node:http'
import { serve } from './serve.js'

/** What every request is answered with. */
export type Prepared = { body: string; headers: Record<string, string> }

export const role = {
  /** With `parses`, a request's body is read and parsed first. */
  async start({ prepared, parses }: { prepared: Prepared; parses: boolean }) {
    const body = Buffer.from(prepared.body)
    const headers = { ...prepared.headers, 'content-length': body.length }
    const { port } = await serve(async (request, response) => {
      if (parses) JSON.parse(await readText(request))
      response.writeHead(200, headers).end(body)
    })
    return { port }
  },
}

/** The whole body, by events: the cheapest way there is. */
export function readText(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      text += chunk
    })
    request.once('end', () => resolve(text))
    request.once('error', reject)
  })
}
