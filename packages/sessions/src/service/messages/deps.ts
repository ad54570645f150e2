import type { Ground } from '@parley/kernel/ground'
import type { Principal } from '@parley/kernel/principal'
import type { PromptResult, QueuedPromptResponse } from '../../protocol/index.js'
import type { HostLinks } from '../../runtimes/port.js'
import type { SessionRow, SessionsStore } from '../../store/port.js'
import type { RuntimeRouter, SessionsService } from '../port.js'

/** Sends a prompt and resolves when its turn is over, or at once when it was queued. */
export type SendWholePrompt = (
  session: SessionRow,
  prompt: {
    text: string
    /** Repeating it is harmless: the host answers what it answered before. */
    key: string
    by: Principal
  },
) => Promise<PromptResult | QueuedPromptResponse>

export type MessagesDeps = {
  ground: Ground
  store: SessionsStore
  router: Pick<RuntimeRouter, 'session'>
  /** Names of the runtime types, in order. */
  runtimeNames: readonly string[]
  prompt: SendWholePrompt
  createSession: SessionsService['createSession']
  /** Of linked hosts: one that is away is waited for. */
  links?: Pick<HostLinks, 'isConnected' | 'connected'>
  onFault(error: unknown, where: string): void
}

/** Key of the prompt of a message: a repetition after a crash runs nothing twice. */
export const promptKey = (messageId: number): string => `message:${messageId}`
