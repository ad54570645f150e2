import { type Check, checks } from '../compliance/index.js'

/** The checks that a test run can ask of one fixture: none about the wall clock, none that needs two nodes. */
export const handshakeScenarios: readonly Check[] = checks.filter(
  ({ timing, feature }) => !timing && feature !== 'H-38',
)

/** The requirement that a check proves: `H-05.3` proves `handshake.h05`. */
export function requirementOf({ feature }: Check): string {
  return `handshake.${feature.replace('-', '').toLowerCase()}`
}
