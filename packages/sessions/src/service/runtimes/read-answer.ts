import type { HostResponse } from '../../protocol/index.js'

/** Most bytes of an answer: a listing of a large tree fits. */
const maxAnswerBytes = 32 * 1024 * 1024

/** Headers that callers need. */
const passedOn = ['retry-after'] as const

/** A web answer as data; a body that is no JSON stays text. Rejects when it is too large. */
export async function readAnswer(response: Response): Promise<HostResponse> {
  const text = await readText(response)
  const headers = Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = response.headers.get(name)
      return value === null ? [] : [[name, value]]
    }),
  )
  return {
    status: response.status,
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(text !== '' && { body: fromJson(text) }),
  }
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

async function readText({ body }: Response): Promise<string> {
  if (!body) return ''
  const chunks: Uint8Array[] = []
  let bytes = 0
  // Leaving the loop by throwing cancels the stream.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > maxAnswerBytes) throw new Error('the answer of the host is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
