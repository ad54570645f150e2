import { isJsonObject } from '../../protocol/index.js'
import { ThreadsClientError } from '../threads-client-error.js'

const final = new Set(['unauthenticated', 'namespace_invalid', 'namespace_mismatch'])

/** What a refused connection was told, when trying again makes no sense. */
export function toConnectRefusal(error: Error & { data?: unknown }): ThreadsClientError | undefined {
  const { code, message } = toldIn(error)
  return final.has(code) ? new ThreadsClientError(code, message, { cause: error }) : undefined
}

/** The code is in the data; older servers say it as the text, or before the first colon of it. */
function toldIn({ message, data }: Error & { data?: unknown }): { code: string; message: string } {
  if (isJsonObject(data) && typeof data.code === 'string')
    return { code: data.code, message: typeof data.message === 'string' ? data.message : message }
  // The library's own words, of a server without namespaces.
  if (message === 'Invalid namespace') return { code: 'namespace_invalid', message }
  return { code: message.split(':', 1)[0]!, message }
}
