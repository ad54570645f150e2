// Files that go through the connector (contract 9). The credential goes to the connector's own media and nowhere else.

import { type Clock, systemClock } from '@parley/kernel/ids'
import { isJsonObject } from '@parley/kernel/wire'
import { cutText, httpUrl, isMediaOf, limits, type MediaItem, type MessageEvent } from '../protocol/index.js'
import { RelayCallError } from './call-error.js'
import { type GatewayCredential, mintToken } from './mint.js'
import { readBytes } from './read-bytes.js'
import { userAgent } from './user-agent.js'

export type MediaClientOptions = GatewayCredential & {
  url: string
  fetch?: typeof fetch
  clock?: Clock
  report?: (message: string) => void
}

/** A file to send. `mime` defaults to bytes of any kind. */
export type MediaUpload = { bytes: Uint8Array; mime?: string; filename?: string }
/** What `source_url` of a `send_media` takes. */
export type StoredMedia = { id: string; size: number; url: string }
/** A file of a message. `bytes` only for what the connector hosts; others are public, by their address. */
export type ReceivedMedia = MediaItem & { bytes?: Uint8Array }

export interface MediaClient {
  /** Throws a `RelayCallError`; 413 for more than 26,214,400 bytes, before anything is sent. */
  upload(file: MediaUpload): Promise<StoredMedia>
  /** Throws a `RelayCallError`, also for an address that is not the connector's. */
  download(url: string): Promise<{ bytes: Uint8Array; mime: string }>
  /** The files of a message, in order. One that can't be had any more is left out; the message never fails for it. */
  filesOf(event: MessageEvent): Promise<ReceivedMedia[]>
}

const withinMs = 30_000

export function createMediaClient(options: MediaClientOptions): MediaClient {
  const { url: base, fetch: ask = fetch, clock = systemClock, report = () => {} } = options

  async function call<T>(
    url: string,
    init: RequestInit,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const ending = new AbortController()
    const stop = clock.after(withinMs, () => ending.abort(new Error('timed out')))
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${mintToken(options, clock)}`)
    headers.set('user-agent', userAgent)
    try {
      const response = await ask(url, {
        ...init,
        headers,
        // A redirect could lead anywhere.
        redirect: 'error',
        signal: ending.signal,
      })
      if (!response.ok) throw new RelayCallError(response.status, 'the connector refused the file')
      return await read(response)
    } finally {
      stop()
    }
  }

  const self: MediaClient = {
    upload: async ({ bytes, mime = 'application/octet-stream', filename }) => {
      if (bytes.length > limits.mediaBytes) throw new RelayCallError(413, 'the file is too large')
      const headers = { 'content-type': mime, ...(filename && { 'x-media-filename': headerText(filename) }) }
      // The cast: fetch takes any view, its types only those of plain buffers.
      const body = bytes as Uint8Array<ArrayBuffer>
      return call(httpUrl(base, '/relay/media'), { method: 'POST', headers, body }, async (response) => {
        const stored: unknown = JSON.parse(new TextDecoder().decode(await readBytes(response, 65_536)))
        if (!isJsonObject(stored) || typeof stored.id !== 'string' || !stored.id)
          throw new RelayCallError(502, 'the connector named no id')
        const { id } = stored
        return { id, size: bytes.length, url: httpUrl(base, `/relay/media/${encodeURIComponent(id)}`) }
      })
    },
    download: async (url) => {
      if (!isMediaOf(url, base)) throw new RelayCallError(400, 'not a file of this connector')
      return call(url, {}, async (response) => ({
        bytes: await readBytes(response, limits.mediaBytes),
        mime: response.headers.get('content-type') ?? 'application/octet-stream',
      }))
    },
    filesOf: async (event) => {
      const files = await Promise.all((event.media_urls ?? []).map((url) => fileOf(event, url)))
      return files.filter((file) => file !== undefined)
    },
  }

  async function fileOf(event: MessageEvent, url: string): Promise<ReceivedMedia | undefined> {
    const item = event.media?.find((one) => one.url === url) ?? bare(url)
    if (!isMediaOf(url, base)) return item
    try {
      const { bytes, mime } = await self.download(url)
      return { ...item, bytes, mime: item.mime || mime }
    } catch (error) {
      report(`a file was left out: ${error instanceof Error ? error.message : String(error)}`)
      return undefined
    }
  }
  return self
}

const bare = (url: string): MediaItem => ({
  url,
  kind: 'document',
  mime: '',
  size: 0,
  filename: '',
  caption: '',
})

// OUTSIDE: header values are bytes, written as Latin-1; connectors read UTF-8 in them.
function headerText(filename: string): string {
  const plain = filename.replace(/\p{Cc}/gu, ' ').trim()
  return Buffer.from(cutText(plain, limits.mediaFilename, 'chars')).toString('latin1')
}
