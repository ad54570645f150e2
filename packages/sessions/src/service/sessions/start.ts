// Asks a runtime to start a session (section 4.1), and says in the wire's words why it did not.

import type { ParleyError } from '@parley/kernel/errors'
import { isJsonObject } from '@parley/kernel/wire'
import { sessionsErrors } from '../../errors.js'
import type { HostResponse, SessionHostStartRequest, SessionRuntimeInfo } from '../../protocol/index.js'
import type { SessionRow } from '../../store/port.js'
import { isSuccess, textOf } from '../answers.js'
import type { CoreDeps } from '../core.js'
import type { Definition } from './definition.js'
import { terminateOnHost } from './terminate.js'

/** Starts it. Throws what the refusal is on the wire; then nothing runs. */
export async function startOnHost(
  deps: CoreDeps,
  row: SessionRow,
  { setup, env }: Definition,
  callbackUrl: string | undefined,
): Promise<SessionRuntimeInfo> {
  const { autoApprove } = await deps.store.settings.read()
  const body: SessionHostStartRequest & { instanceName: string; autoApprove?: boolean } = {
    sessionId: row.id,
    command: row.spawn.command,
    args: row.spawn.args,
    // The cast: every new session has a directory.
    workspace: row.cwd as string,
    ...(setup !== undefined && { setup }),
    ...(Object.keys(env).length > 0 && { env }),
    ...(callbackUrl !== undefined && { callbackUrl }),
    instanceName: row.instance,
    ...(autoApprove && { autoApprove }),
  }
  // A new key each time: a host answers a known one with what came of it before.
  const key = deps.ground.ids.next('start')
  const answer = await deps.router.session(row, { method: 'POST', path: '/start', body, key })
  if (isSuccess(answer) && isJsonObject(answer.body)) return toRuntimeInfo(deps, row, answer.body)
  await clearAway(deps, row, answer)
  throw toRefusal(answer)
}

function toRuntimeInfo(
  { runtimes }: CoreDeps,
  row: SessionRow,
  body: Record<string, unknown>,
): SessionRuntimeInfo {
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return {
    hostUrl: text(body.hostUrl),
    websocketUrl: text(body.websocketUrl),
    runtimeName: row.runtimeType,
    runtimeMeta: runtimes[row.runtimeType]?.getRuntimeMeta?.(row.id) ?? null,
  }
}

/** An agent may have come up although nobody got to know. One of the same id that ran before must not end by this. */
async function clearAway(deps: CoreDeps, row: SessionRow, answer: HostResponse): Promise<void> {
  const isRefusal = answer.status >= 400 && answer.status < 500
  if (isRefusal || isDuplicate(answer)) return
  await terminateOnHost(deps, row)
}

const isDuplicate = (answer: HostResponse) =>
  answer.status === 409 || /already (running|exists)/i.test(textOf(answer))

/** Texts of hosts and of systems about a program or a directory that is not there. */
const asked = /not found|no such file|ENOENT|ENOTDIR|not a directory|EACCES|permission denied/i

function toRefusal(answer: HostResponse): ParleyError {
  const { status, headers } = answer
  const text = textOf(answer)
  const message = isSuccess(answer)
    ? 'SessionHost failed to start: its answer is not valid'
    : `SessionHost /start failed (${status}): ${text}`
  if (isDuplicate(answer)) return sessionsErrors.duplicateSession({ message })
  if (status === 403) return sessionsErrors.forbidden({ message: text })
  if (status === 429) return sessionsErrors.tooMany({ message: text })
  if (status === 503) {
    const retryAfter = Number(headers?.['retry-after'])
    return sessionsErrors.hostNotConnected({ message: text, ...(retryAfter > 0 && { retryAfter }) })
  }
  if ((status >= 400 && status < 500) || asked.test(text)) return sessionsErrors.invalidRequest({ message })
  return sessionsErrors.startFailed({ message })
}
