import { RelayClientError } from '@parley/relay/client'
import { Problem, unreachable } from '../../api/problem.js'

/** Lets a failure of the relay's client look like any other of this console. */
export async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw asProblem(error)
  }
}

function asProblem(error: unknown): unknown {
  if (!(error instanceof RelayClientError)) return error
  const { code, message, status, requestId } = error
  if (code === 'network') return unreachable()
  return new Problem(status ?? 0, code, message, requestId ?? null)
}
