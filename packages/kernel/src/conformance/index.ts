export { type BusPair, type BusSubject, busConformance } from '../bus/conformance.js'
export {
  type DecisionsCase,
  type DecisionsGround,
  type DecisionsNode,
  type DecisionsSubject,
  decisionsConformance,
} from '../decisions/conformance.js'
export { type OutboxCase, type OutboxSubject, outboxConformance } from '../delivery/conformance.js'
export type { OutboxNode } from '../delivery/outbox-cases/fixtures.js'
export {
  type LeasesCase,
  type LeasesNode,
  type LeasesSubject,
  leasesConformance,
} from '../leases/conformance.js'
export { type LogCase, type LogSubject, logConformance } from '../log/conformance.js'
export { type JournalSubject, journalConformance } from '../log/journal-conformance.js'
export type { NodeOptions, OpenedLog } from '../log/log-cases/nodes.js'
