import { linkCloseCodes } from '../../protocol/index.js'

/** What a host does after a link was closed (section 13.2). */
export type CloseMeaning =
  /** Give up for good; the process ends with `exitCode`. */
  | { next: 'stop'; exitCode: number }
  /** One more try, then give up. */
  | { next: 'retry once' }
  | { next: 'dial at once' }
  /** `isFault`: the operator must hear of it. */
  | { next: 'back off'; isFault: boolean }

const meanings: Readonly<Record<number, CloseMeaning>> = {
  [linkCloseCodes.versionNotSupported]: { next: 'stop', exitCode: 1 },
  [linkCloseCodes.unauthorized]: { next: 'retry once' },
  [linkCloseCodes.forbidden]: { next: 'back off', isFault: true },
  // A newer link of the same host is up: fighting for it would go on for ever.
  [linkCloseCodes.replaced]: { next: 'stop', exitCode: 0 },
  [linkCloseCodes.gap]: { next: 'dial at once' },
  [linkCloseCodes.frameTooLarge]: { next: 'back off', isFault: true },
}

/** The meaning of a close code; whatever is not in the contract is a reason to try again later. */
export function closeMeaning(code: number): CloseMeaning {
  return meanings[code] ?? { next: 'back off', isFault: false }
}
