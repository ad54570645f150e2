import { isParleyError } from '@parley/kernel/errors'
import { answer, jsonResponse } from '@parley/kernel/http'
import { relayErrors } from '../errors.js'
import { bearerOf, limits } from '../protocol/index.js'
import type { RelayService } from '../service/port.js'
import { dispositionOf, filenameOf, mimeOf } from './media-headers.js'

/** Contract 9.1: takes a file as it comes, and stops reading where it is too large. */
export async function upload(service: RelayService, request: Request): Promise<Response> {
  const gateway = await service.authenticate(bearerOf(request.headers.get('authorization')))
  const { headers, body } = request
  if (Number(headers.get('content-length') ?? 0) > limits.mediaBytes) throw relayErrors.mediaTooLarge()
  if (!body) throw relayErrors.emptyMedia()
  const { tenant, instanceId } = gateway
  const file = {
    bytes: atMost(body, limits.mediaBytes),
    mime: mimeOf(headers),
    filename: filenameOf(headers),
  }
  const { id, size } = await service.media.store(file, { tenants: [tenant], owner: { tenant, instanceId } })
  return jsonResponse(200, { id, size })
}

/** Contract 9.2. Another tenant's file looks like none. */
export async function download(service: RelayService, request: Request, id: string): Promise<Response> {
  const { tenant } = await service.authenticate(bearerOf(request.headers.get('authorization')))
  const file = /^[0-9a-f]{32}$/.test(id) ? await service.media.read(id, tenant) : undefined
  if (!file) throw relayErrors.notFound()
  return answer(200, toStream(file.chunks), {
    'content-type': file.mime,
    'content-length': String(file.size),
    'content-disposition': dispositionOf(file.filename),
    // Never a page of this origin, should a browser come by.
    'content-security-policy': "default-src 'none'; sandbox",
  })
}

async function* atMost(body: ReadableStream<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let size = 0
  try {
    // Leaving the loop lets go of what is not read yet.
    for await (const chunk of body) {
      size += chunk.length
      if (size > maxBytes) throw relayErrors.mediaTooLarge()
      yield chunk
    }
  } catch (error) {
    if (isParleyError(error)) throw error
    throw relayErrors.invalidRequest({ message: 'the body could not be read to its end', cause: error })
  }
}

/** Reads on only as fast as the other side takes it, and stops when that goes away. */
function toStream(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await iterator.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: async () => void (await iterator.return?.()),
    },
    { highWaterMark: 0 },
  )
}
