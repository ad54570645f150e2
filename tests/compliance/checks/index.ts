import type { Check } from '../core/check.js'
import { actionChecks } from './action.js'
import { browserKeyChecks } from './browser-key.js'
import { claimAndRevokeChecks } from './claim.js'
import { clientChecks } from './clients.js'
import { contextChecks } from './context.js'
import { createChecks } from './create.js'
import { diffChecks } from './diff.js'
import { extendChecks } from './extend.js'
import { limitChecks } from './limits.js'
import { modeChecks } from './modes.js'
import { originChecks } from './origin.js'
import { promptChecks } from './prompt.js'
import { provenanceChecks } from './provenance.js'
import { robustChecks } from './robust.js'
import { socketChecks } from './socket.js'
import { streamChecks } from './stream.js'
import { typeChecks } from './types.js'

/** Every check, in the order of the features. */
export const checks: readonly Check[] = [
  ...createChecks,
  ...contextChecks,
  ...actionChecks,
  ...typeChecks,
  ...provenanceChecks,
  ...streamChecks,
  ...diffChecks,
  ...extendChecks,
  ...limitChecks,
  ...socketChecks,
  ...promptChecks,
  ...clientChecks,
  ...browserKeyChecks,
  ...claimAndRevokeChecks,
  ...originChecks,
  ...robustChecks,
  ...modeChecks,
].sort(byFeature)

function byFeature(one: Check, other: Check): number {
  const [a = [], b = []] = [one, other].map(({ id }) => id.slice(2).split('.').map(Number))
  return (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0)
}
