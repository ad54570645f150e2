import { kernelErrors } from '../errors/index.js'

/**
 * The body's bytes, at most `maxBytes`. Throws `kernel.body_too_large` as soon as the limit is passed, before the
 * rest is read, and `kernel.invalid_request` when the client went away in the middle.
 */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  const declared = declaredLength(request)
  if (declared !== undefined && declared > maxBytes) throw tooLarge(maxBytes)
  try {
    return declared === undefined ? await readStream(request, maxBytes) : await readWhole(request, maxBytes)
  } catch (error) {
    if (error === bodyLimitPassed) throw tooLarge(maxBytes)
    throw kernelErrors.invalidRequest({ message: 'The body could not be read to its end.', cause: error })
  }
}

const bodyLimitPassed = Symbol('bodyLimitPassed')

const tooLarge = (maxBytes: number) => kernelErrors.bodyTooLarge({ details: { maxBytes } })

function declaredLength(request: Request): number | undefined {
  if (request.headers.has('transfer-encoding')) return undefined
  const text = request.headers.get('content-length')
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

// Node's HTTP parser holds a sender to the length it declared, so the body can be taken in one piece: touching
// `request.body` would build a real web stream, which costs more than most handlers.
async function readWhole(request: Request, maxBytes: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(await request.arrayBuffer())
  if (bytes.length > maxBytes) throw bodyLimitPassed
  return bytes
}

async function readStream(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (!request.body) return new Uint8Array(0)
  const reader = request.body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)
    size += value.length
    if (size > maxBytes) {
      void reader.cancel().catch(() => {})
      throw bodyLimitPassed
    }
    chunks.push(value)
  }
}
