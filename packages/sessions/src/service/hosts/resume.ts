// Where a host goes on (section 13.6).
import type { HelloFrame, ResetFrame, SpoolPosition } from '../../protocol/index.js'

export type Resume =
  | { kind: 'resume'; acked: SpoolPosition; isNewEpoch: boolean }
  /** `hasLost`: events that were never stored are gone. */
  | { kind: 'reset'; reason: ResetFrame['reason']; hasLost: boolean }

/** `acked`: what is stored of this host; null before its first link. */
export function resumeAt(
  acked: SpoolPosition | null,
  hello: Pick<HelloFrame, 'epoch' | 'n' | 'oldest'>,
): Resume {
  const { epoch, n, oldest } = hello
  if (acked?.epoch !== epoch) {
    // A spool whose beginning was acknowledged to a server that knew more than this one.
    if (oldest > 1) return { kind: 'reset', reason: 'unknown epoch', hasLost: acked !== null }
    return { kind: 'resume', acked: { epoch, n: 0 }, isNewEpoch: true }
  }
  if (acked.n > n) return { kind: 'reset', reason: 'spool behind', hasLost: false }
  if (acked.n < oldest - 1) return { kind: 'reset', reason: 'unknown epoch', hasLost: true }
  return { kind: 'resume', acked, isNewEpoch: false }
}
