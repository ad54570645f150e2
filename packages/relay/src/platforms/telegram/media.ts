import type { Message } from 'grammy/types'
import type { PlatformMedia } from '../port.js'
import { toGrammySignal } from './api.js'
import type { Telegram } from './bot-context.js'

type Found = { file_id: string; kind: string; mime: string; filename: string; size?: number }

/** The file of a message. Telegram's addresses of files hold the token: bytes come by `load` alone. */
export function mediaOf(telegram: Telegram, message: Message): PlatformMedia[] {
  const found = findFile(message)
  if (!found) return []
  const { file_id, kind, mime, filename, size = 0 } = found
  return [{ kind, mime, filename, size, caption: '', load: (signal) => load(telegram, file_id, signal) }]
}

function findFile({ photo, document, voice, audio, video, sticker }: Message): Found | undefined {
  // Sizes come smallest first.
  const largest = photo?.at(-1)
  if (largest) return toFound(largest, 'image', 'image/jpeg', 'photo.jpg')
  if (voice) return toFound(voice, 'voice', 'audio/ogg', 'voice.ogg')
  if (audio) return toFound(audio, 'audio', 'audio/mpeg', 'audio.mp3')
  if (video) return toFound(video, 'video', 'video/mp4', 'video.mp4')
  if (document) return toFound(document, 'document', 'application/octet-stream', 'file')
  return sticker && toFound(sticker, 'image', stickerMime(sticker), 'sticker')
}

const toFound = (
  file: { file_id: string; file_size?: number; mime_type?: string; file_name?: string },
  kind: string,
  mime: string,
  filename: string,
): Found => ({
  file_id: file.file_id,
  kind,
  mime: file.mime_type ?? mime,
  filename: file.file_name ?? filename,
  ...(file.file_size !== undefined && { size: file.file_size }),
})

const stickerMime = ({ is_video, is_animated }: { is_video: boolean; is_animated: boolean }): string =>
  is_video ? 'video/webm' : is_animated ? 'application/gzip' : 'image/webp'

async function load({ api, download }: Telegram, fileId: string, signal: AbortSignal): Promise<Uint8Array> {
  const path = await api.getFile(fileId, toGrammySignal(signal)).then(
    (file) => file.file_path,
    () => undefined,
  )
  if (path === undefined) throw new Error('Telegram does not give a file')
  return await download(path, signal)
}
