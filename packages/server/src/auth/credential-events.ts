import type { Append } from '@parley/kernel/log'
import { type Principal, toIdentity } from '@parley/kernel/principal'

/** Who was let in, by what, and who gave or took it: events of this stream, never with a secret. */
export const credentialStream = 'server:credentials'

/** One event of that stream. */
export function note(who: Principal, type: string, body: Record<string, unknown> = {}): Append {
  return { stream: credentialStream, drafts: [{ type, actor: toIdentity(who), body }] }
}
