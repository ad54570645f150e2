import { RequestError } from '@agentclientprotocol/sdk'
import { HostError } from '../errors.js'

/** Runs an answer to the agent; refusals become JSON-RPC errors with their text. */
export async function answering<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof HostError) throw new RequestError(codeOf(error.status), error.message)
    throw error
  }
}

function codeOf(status: number): number {
  if (status === 404) return -32002
  return status < 500 ? -32602 : -32603
}
