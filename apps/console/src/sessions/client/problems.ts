import { SessionsClientError } from '@parley/sessions/client'
import { Problem, unreachable } from '../../api/problem.js'

/** Lets a failure of the sessions client look like any other of this console, in the words of the server. */
export async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw asProblem(error)
  }
}

/** The same for a failure that is already there. */
export function asProblem(error: unknown): unknown {
  if (!(error instanceof SessionsClientError)) return error
  const { code, message, status, detail } = error
  if (code === 'network') return unreachable()
  return new Problem(status ?? 0, code, detail ?? message)
}
