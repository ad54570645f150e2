import type { RelayDeps } from '../deps.js'

export type ReceiptsDeps = Pick<RelayDeps, 'ground' | 'store' | 'onFault'>
