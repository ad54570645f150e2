import type { OutboundResult } from '../../protocol/index.js'

/** An action that did not succeed where only success is an answer. `result` says whether it may have been done. */
export class RelayActionError extends Error {
  readonly result: Extract<OutboundResult, { success: false }>

  constructor(result: Extract<OutboundResult, { success: false }>) {
    super(result.error)
    this.name = 'RelayActionError'
    this.result = result
  }
}
