import type { HostHandler } from './port.js'

/** A refusal of the host contract: answered with `status` and `{"error": message}`. */
export class HostError extends Error {
  readonly status: number

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HostError'
    this.status = status
  }
}

/** The handler, with its refusals turned into answers. Anything else it throws is passed on. */
export function answeringRefusals(handler: HostHandler): HostHandler {
  return async (call) => {
    try {
      return await handler(call)
    } catch (error) {
      if (error instanceof HostError) return { status: error.status, body: { error: error.message } }
      throw error
    }
  }
}
