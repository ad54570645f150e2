// Where a Redis is, and what may be said about it.
import { kernelErrors } from '../../errors/index.js'

/** Throws `kernel.invalid_request`, without the text, for anything but a `redis://` or `rediss://` URL. */
export function assertRedisUrl(url: string): void {
  if (/^rediss?:\/\//i.test(url) && URL.canParse(url)) return
  throw kernelErrors.invalidRequest({ message: 'The address of a Redis is a redis:// or rediss:// URL.' })
}

/** The URL of the node to which a cluster refers with `MOVED <slot> <host>:<port>`; undefined for other failures. */
export function movedTo(error: unknown, url: string): string | undefined {
  const [, host, port] = /^MOVED \d+ (.*):(\d+)$/.exec(messageOf(error)) ?? []
  if (host === undefined || port === undefined) return undefined
  const moved = new URL(url)
  // A cluster that does not know its own address names none: it means the host that was asked.
  if (host !== '') moved.hostname = host.includes(':') ? `[${host}]` : host
  moved.port = port
  return moved.toString()
}

/**
 * An error with the message alone. WHY: the client attaches the command with its arguments, passwords included, and
 * a server repeats the arguments of a command that it does not know.
 */
export function withoutSecrets(error: unknown, url: string): Error {
  const { password } = new URL(url)
  const secrets = [password, decoded(password)].filter((text) => text !== '')
  const message = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), messageOf(error))
  return new Error(`Redis: ${message}`)
}

function messageOf(error: unknown): string {
  const { message, code } = error as { message?: unknown; code?: unknown }
  // A refusal by each of a host's addresses comes without a message.
  return String(message || code || error)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
