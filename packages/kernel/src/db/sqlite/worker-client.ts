// The main thread's side of one database worker.
import { Worker } from 'node:worker_threads'
import { kernelErrors } from '../../errors/index.js'
import { fromFault, type Reply, type WorkerRequest, type WorkerStart } from './protocol.js'
import { workerUrl } from './worker-url.js'

/** A running worker. */
export type WorkerClient = {
  /** Asks and waits for the answer, whose shape belongs to the request. Rejects with `kernel.closed` after `close`. */
  ask<Answer>(request: WorkerRequest): Promise<Answer>
  /** Lets the worker finish what it was asked, then stops it. */
  close(): Promise<void>
}

type Asked = { resolve(answer: unknown): void; reject(error: unknown): void }

/**
 * Starts a worker and waits until its database is open; rejects when it can't be. `onFault` hears of its
 * unexpected end.
 */
export async function startWorker(
  start: WorkerStart,
  onFault: (error: unknown) => void,
  program: URL = workerUrl(),
): Promise<WorkerClient> {
  // Our own program needs none of the process's flags, and some (loaders, `--input-type`) break it.
  const name = `parley-sqlite-${start.role}`
  const worker = new Worker(program, { workerData: start, execArgv: [], name })
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const line = openLine(worker, onFault)
  await line.expectReply<void>().catch(async (error) => {
    line.end()
    await worker.terminate()
    throw error
  })
  let closing: Promise<void> | undefined
  const close = () => {
    line.expectExit()
    return line.post<void>({ kind: 'close' }).finally(() => line.end())
  }
  return {
    ask: (request) => (closing ? Promise.reject(kernelErrors.closed()) : line.post(request)),
    close: () => {
      // A worker that failed has ended: then only its exit is waited for.
      closing ??= close().then(
        () => exited,
        () => exited,
      )
      return closing
    },
  }
}

// Requests and replies in order. After `end` the worker's exit is expected.
function openLine(worker: Worker, onFault: (error: unknown) => void) {
  const asked: Asked[] = []
  let broken: Error | undefined
  let isExitExpected = false

  const fail = (error: Error) => {
    if (broken) return
    broken = error
    if (!isExitExpected) onFault(error)
    for (const { reject } of asked.splice(0)) reject(error)
  }
  worker.on('error', (cause) => fail(new Error('The database worker failed.', { cause })))
  worker.on('exit', () => fail(new Error('The database worker ended.')))
  worker.on('message', (reply: Reply) => {
    const next = asked.shift()
    // An idle worker does not keep the process alive; one with work does.
    if (asked.length === 0) worker.unref()
    if ('fault' in reply) next?.reject(fromFault(reply.fault))
    else next?.resolve(reply.answer)
  })

  const expectReply = <Answer>() =>
    new Promise<Answer>((resolve, reject) => {
      if (asked.length === 0) worker.ref()
      // The worker answers each kind of request with that kind's shape.
      asked.push({ resolve: resolve as Asked['resolve'], reject })
    })
  const post = <Answer>(request: WorkerRequest): Promise<Answer> => {
    if (broken) return Promise.reject(broken)
    worker.postMessage(request)
    return expectReply<Answer>()
  }
  const end = () => {
    broken ??= kernelErrors.closed()
    // Whoever waits for the exit must live to see it.
    worker.ref()
  }
  // OUTSIDE: at its end a worker hands over its last messages and then its exit in one go, before any promise
  //          of ours can run: so the exit is announced before it is asked for.
  const expectExit = () => {
    isExitExpected = true
  }
  return { expectReply, post, expectExit, end }
}
