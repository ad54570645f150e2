import type { RelayKind } from '@parley/relay/protocol'

/** What is read as a whole. */
export type Topic =
  | 'platforms'
  | 'bots'
  | 'gateways'
  | 'instances'
  | 'tenants'
  | 'links'
  | 'scopes'
  | 'policies'
  | 'conversations'
  | 'receipts'
  | 'decisions'
  | 'changes'
  | 'sim'

/** Everything of the plane begins with this. */
export const relayKey = ['relay'] as const

export const topicKey = (topic: Topic) => [...relayKey, topic] as const

const setUp: readonly Topic[] = ['bots', 'gateways', 'instances', 'tenants', 'links', 'scopes', 'policies']

/** What may look different after something of a kind. */
export const topicsOf: Readonly<Record<RelayKind, readonly Topic[]>> = {
  changes: [...setUp, 'changes', 'receipts'],
  decisions: ['decisions', 'conversations'],
  buffers: ['instances', 'tenants'],
  // What a bot does on its platform leaves a receipt.
  sim: ['sim', 'receipts'],
}
