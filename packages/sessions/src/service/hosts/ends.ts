// How links are closed (section 13.2).
import { linkCloseCodes } from '../../protocol/index.js'

export type LinkEnd = readonly [code: number, reason: string]

export const ends = {
  versionNotSupported: [linkCloseCodes.versionNotSupported, 'version not supported'],
  unauthorized: [linkCloseCodes.unauthorized, 'unauthorized'],
  revoked: [linkCloseCodes.unauthorized, 'revoked'],
  notYourSession: [linkCloseCodes.forbidden, 'not your session'],
  policy: [linkCloseCodes.forbidden, 'policy'],
  helloTimeout: [linkCloseCodes.helloTimeout, 'hello timeout'],
  replaced: [linkCloseCodes.replaced, 'replaced'],
  gap: [linkCloseCodes.gap, 'gap'],
  frameTooLarge: [linkCloseCodes.frameTooLarge, 'frame too large'],
  goingAway: [linkCloseCodes.goingAway, 'going away'],
  tryLater: [linkCloseCodes.tryLater, 'try later'],
} as const satisfies Record<string, LinkEnd>
