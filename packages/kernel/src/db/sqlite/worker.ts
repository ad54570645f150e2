// A database worker: one connection, requests answered in order. The writer also keeps the journal, so
// that statements and appends of a group share its transaction.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { createCommitter } from '../../log/sqlite/committer.js'
import { openConnection } from './connection.js'
import { waitForLatch } from './latch.js'
import { type Reply, toFault, type WorkerRequest, type WorkerStart } from './protocol.js'
import { runReads, runScript } from './run-requests.js'

function serve(port: MessagePort, start: WorkerStart): void {
  const connection = openConnection(start)
  const { commitLatch } = start
  const committer = createCommitter(connection, {
    beforeCommit: commitLatch && (() => waitForLatch(commitLatch)),
  })

  const answer = (request: WorkerRequest): unknown => {
    switch (request.kind) {
      case 'read':
        return runReads(connection, start.role, request.queries)
      case 'script':
        return runScript(connection, request.queries)
      case 'forget':
        return connection.forget()
      case 'close':
        return connection.close()
      case 'commit':
        return committer.commit(request)
      case 'blank':
        return committer.blank(request)
      case 'trim':
        return committer.trim(request)
      case 'drop':
        return committer.drop(request)
    }
  }

  port.on('message', (request: WorkerRequest) => {
    port.postMessage(replyTo(() => answer(request)))
    if (request.kind === 'close') port.close()
  })
}

function replyTo(work: () => unknown): Reply {
  try {
    return { answer: work() }
  } catch (error) {
    return { fault: toFault(error) }
  }
}

// This file is a program, not a module: it is only ever loaded as a worker. Its first reply says whether
// the database could be opened.
if (parentPort) {
  const port = parentPort
  port.postMessage(replyTo(() => serve(port, workerData as WorkerStart)))
}
