import { isDeclined, type MediaKind, type OutboundResult } from '../../protocol/index.js'
import { RelayCallError } from '../call-error.js'
import type { MediaClient } from '../media-client.js'
import type { Chat } from './chat.js'

/** A file to send: public, or its bytes. */
export type MediaToSend = {
  kind: MediaKind
  caption?: string
  filename?: string
} & ({ url: string } | { bytes: Uint8Array; mime?: string })

type Within = {
  chat: Pick<Chat, 'act' | 'send' | 'source'>
  can(op: string): boolean
  /** Absent: bytes can't be uploaded. */
  upload: MediaClient['upload'] | undefined
}

/** Sends a file; what can't be sent becomes text, unless the target was declined or it may have arrived (contract 5.6, 5.10). */
export async function sendMedia(within: Within, media: MediaToSend): Promise<OutboundResult> {
  const url = within.can('send_media') ? await urlOf(within, media) : undefined
  if (url === undefined) return asText(within, media)
  const result = await within.chat.act({
    op: 'send_media',
    chat_id: within.chat.source.chat_id,
    media_kind: media.kind,
    source_url: url,
    content: media.caption ?? '',
    reply_to: null,
    ...(media.filename && { filename: media.filename }),
  })
  const isFinal = result.success || result.ambiguous || isDeclined(result)
  return isFinal ? result : asText(within, media)
}

async function urlOf({ upload }: Within, media: MediaToSend): Promise<string | undefined> {
  if ('url' in media) return media.url
  try {
    return (await upload?.(media))?.url
  } catch (error) {
    // The connector has no room for it, or could not be reached.
    if (error instanceof RelayCallError || error instanceof TypeError) return undefined
    throw error
  }
}

function asText({ chat }: Within, media: MediaToSend): Promise<OutboundResult> {
  const what = 'url' in media ? media.url : `[${media.filename ?? media.kind}]`
  return chat.send([media.caption, what].filter(Boolean).join('\n'))
}
