import type { EndedSession } from '@parley/sessions/client'

const reasons: Readonly<Record<string, string>> = {
  terminated: 'It was ended by a person.',
  idle_timeout: 'Nothing happened in it for too long.',
  error: 'Something went wrong.',
}

/** Why a session is over, as a sentence. */
export function endingOf({ exitCode, reason, message }: EndedSession): string {
  if (message) return message
  const known = reasons[reason ?? '']
  if (known) return known
  if (exitCode === undefined) return 'It is over.'
  return exitCode === -1 ? 'Its agent was ended.' : `Its agent ended with exit code ${exitCode}.`
}

/** How a turn ended, in words; undefined for the usual end. */
export function turnEnding(stopReason: string): string | undefined {
  return stopReason === 'end_turn' ? undefined : (turnEndings[stopReason] ?? stopReason.replaceAll('_', ' '))
}

const turnEndings: Readonly<Record<string, string>> = {
  cancelled: 'Stopped',
  refusal: 'The agent refused',
  max_tokens: 'The agent ran out of tokens',
  max_turn_requests: 'The agent took too many steps',
  error: 'Failed',
}
