import { Api } from 'grammy'
import { limits } from '../../protocol/index.js'
import { contractVersion } from '../../version.js'

/** Telegram's own server. */
export const telegramRoot = 'https://api.telegram.org'
const userAgent = `parley-relay/${contractVersion}`
/** A call that nobody gives up is given up after this, in seconds: longer than a long poll. */
const timeoutSeconds = 90

/** The Bot API for one token. The token is a part of every address: no address may be shown, and no error of `fetch`. */
export type TelegramApi = {
  api: Api
  /** The text without the token, also where Telegram's answer repeats it. */
  clean(text: string): string
  /** Bytes of a file that `getFile` has named. */
  download(path: string, signal: AbortSignal): Promise<Uint8Array>
}

export function telegramApi(token: string, root: string): TelegramApi {
  // OUTSIDE: grammY checks the type of its own fetch only; what it hands over is what any fetch takes.
  const fetch = webFetch as unknown as NonNullable<ConstructorParameters<typeof Api>[1]>['fetch']
  const api = new Api(token, { apiRoot: root, timeoutSeconds, fetch })
  const secret = token.slice(token.indexOf(':') + 1)
  const clean = (text: string): string =>
    secret === '' ? text : text.replaceAll(token, '[token]').replaceAll(secret, '[token]')
  return {
    api,
    clean,
    download: async (path, signal) => {
      const answer = await globalThis
        .fetch(`${root}/file/bot${token}/${path.split('/').map(encodeURIComponent).join('/')}`, {
          signal,
          headers: { 'user-agent': userAgent },
          redirect: 'error',
        })
        // Its cause names the address.
        .catch(() => undefined)
      if (!answer?.ok || !answer.body) throw new Error('a file of Telegram could not be loaded')
      return await readFile(answer.body)
    },
  }
}

/** No more than may be kept of it: a server of one's own gives files of any size. */
async function readFile(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limits.mediaBytes) throw new Error('a file of Telegram is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

type PolyfilledSignal = Pick<AbortSignal, 'aborted' | 'addEventListener' | 'removeEventListener'>

// OUTSIDE: grammY makes signals of a polyfill, which Node's fetch refuses. And where a proxy answers for Telegram, in HTML, the
//          status is all there is to know: it is put into the form that grammY reads.
async function webFetch(
  url: string,
  { signal, ...init }: Omit<RequestInit, 'signal'> & { signal: PolyfilledSignal },
): Promise<Response> {
  const own = new AbortController()
  const abort = () => own.abort()
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  try {
    // Telegram redirects nowhere, and what is called stands in the address.
    const answer = await globalThis.fetch(url, { ...init, signal: own.signal, redirect: 'error' })
    const text = await answer.text()
    return new Response(isJson(text) ? text : JSON.stringify(failureOf(answer.status)))
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

const failureOf = (status: number) => ({
  ok: false,
  error_code: status < 400 ? 502 : status,
  description: 'not an answer of Telegram',
})

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}

// OUTSIDE: grammY declares the polyfill's signal; it uses no more of it than any signal has.
export const toGrammySignal = (signal: AbortSignal) => signal as unknown as Parameters<Api['getMe']>[0]
