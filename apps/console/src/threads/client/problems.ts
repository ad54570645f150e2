import { ThreadsClientError } from '@parley/threads/client'
import { Problem, unreachable } from '../../api/problem.js'

/** Lets a failure of the threads client look like any other of this console. */
export async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw error instanceof ThreadsClientError ? toProblem(error) : error
  }
}

function toProblem({ code, message, status }: ThreadsClientError): Problem {
  if (code === 'network') return unreachable()
  return new Problem(status ?? 0, code, sentence(message))
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}`.replace(/([^.!?…])$/, '$1.')
