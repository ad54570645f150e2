// Requests of callers to instances and sessions (sections 2.5, 2.7 and 2.8).

import type { Principal } from '@parley/kernel/principal'
import { sessionsErrors } from '../../errors.js'
import type { HostRequest, HostResponse } from '../../protocol/index.js'
import { toPassedOn, toQueueAnswer } from '../answers.js'
import type { CoreDeps } from '../core.js'
import { assertScope, liveSession } from '../gate.js'
import { liveStatus } from './instances.js'
import { getInstance, type Instance } from './lifecycle.js'
import { noProxy } from './router.js'

/** What callers may ask of a host. Starting, prompting and ending have operations of their own. */
const below = {
  session: /^\/(queue|files|fs|mode|model|config|terminals)(\/|$)/,
  instance: /^\/(files|fs|terminals)(\/|$)/,
}

/** Throws `sessions.instance_not_found`, `.instance_not_running`, `.invalid_request` and `.forbidden`. */
export async function fetchInstance(
  deps: CoreDeps,
  by: Principal,
  name: string,
  request: HostRequest,
): Promise<HostResponse> {
  assertScope(by, 'sessions:machine')
  assertPath(request, below.instance)
  const { row, runtime } = await runningInstance(deps, name)
  if (!runtime.fetchInstance) throw sessionsErrors.invalidRequest({ message: noProxy(row.typeName) })
  return toPassedOn(await deps.router.instance(row.typeName, name, request))
}

/** Throws `sessions.instance_not_found` and `sessions.instance_not_running`. */
export async function runningInstance(deps: CoreDeps, name: string): Promise<Instance> {
  const instance = await getInstance(deps, name, { acceptsType: true })
  const { row, runtime, isStored } = instance
  const status = (isStored && (await liveStatus(deps, runtime, name))) || row.status
  if (status === 'running') return instance
  throw sessionsErrors.instanceNotRunning({ message: `Runtime instance "${name}" is not running` })
}

/** Throws `sessions.session_not_found` for one that is unknown or over. */
export async function fetchSession(
  deps: CoreDeps,
  by: Principal,
  id: string,
  request: HostRequest,
): Promise<HostResponse> {
  const row = await liveSession(deps, by, id)
  assertPath(request, below.session)
  const answer = await deps.router.session(row, request)
  return /^\/queue(\/|$)/.test(request.path) ? toQueueAnswer(answer) : toPassedOn(answer)
}

/** WHY: addresses resolve dots, plain and encoded; a path must not leave what was allowed. */
function assertPath({ path }: HostRequest, allowed: RegExp): void {
  const hasDots = /(^|\/)(\.|%2e){1,2}(\/|$)/i.test(path) || /[\\?#\0]/.test(path)
  if (!allowed.test(path) || hasDots) throw sessionsErrors.invalidRequest({ message: 'no such request' })
}
