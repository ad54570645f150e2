import { isObject, readText } from './read.js'

/** A refusal or a failure of the server, as the console shows it. `status` 0: no answer at all. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly requestId: string | null

  constructor(status: number, code: string, message: string, requestId: string | null = null) {
    super(message)
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.requestId = requestId
  }
}

/** The problem in an answer. Bodies that are no problem document get a sentence of ours. */
export function toProblem(status: number, body: unknown): Problem {
  if (!isObject(body)) return new Problem(status, 'console.no_problem_body', `The server answered ${status}.`)
  const message = readText(body.message) || readText(body.error) || `The server answered ${status}.`
  return new Problem(status, readText(body.code, 'unknown'), message, readText(body.requestId) || null)
}

export const unreachable = (): Problem =>
  new Problem(0, 'console.unreachable', 'The server did not answer. Is it running?')

export const isSignedOut = (error: unknown): boolean => error instanceof Problem && error.status === 401

/** Worth another try by itself: no answer, or the server is in trouble. Refusals are final. */
export function canRetry(error: unknown): boolean {
  return error instanceof Problem && (error.status === 0 || error.status >= 500)
}
