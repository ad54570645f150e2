import { hasScope, type Principal } from '@parley/kernel/principal'
import { sessionsErrors } from '../../errors.js'
import type { CoreDeps } from '../core.js'

/** Where a session is asked for: the runtime, its instance, and the directory somebody chose. */
export type Place = { runtimeType: string; instance: string; cwd: string | undefined }

/**
 * Whoever may not use the machine starts sessions where the instance lets everybody look, and nowhere else: a session reads
 * the files of its directory. Throws `sessions.forbidden`.
 */
export async function assertMayWorkIn(
  { router }: Pick<CoreDeps, 'router'>,
  by: Principal,
  { runtimeType, instance, cwd }: Place,
): Promise<void> {
  if (cwd === undefined || hasScope(by, 'sessions:machine')) return
  const look = { method: 'GET', path: '/fs/snapshot', query: { path: cwd } }
  const { status } = await router.instance(runtimeType, instance, look)
  if (status !== 200) throw sessionsErrors.forbidden({ message: 'Path outside workspace' })
}
