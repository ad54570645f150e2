import { expect, test } from 'vitest'
import { startWorker } from './worker-client.js'

const start = { file: ':memory:', role: 'both' as const }
const query = { kind: 'read' as const, queries: [{ sql: 'select 1', params: [] }] }

/** A worker's program that says it is ready and then does this with the first request. */
function programThat(onRequest: string): URL {
  const code = `
    import { parentPort } from 'node:worker_threads'
    parentPort.on('message', () => { ${onRequest} })
    parentPort.postMessage({ answer: null })`
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`)
}

test.each([
  ['throws', "throw new Error('broken')", 'The database worker failed.'],
  ['ends', 'process.exit(3)', 'The database worker ended.'],
])(
  'a worker that %s rejects what it was asked and what comes later, and is reported',
  async (_, code, message) => {
    const faults: unknown[] = []
    const worker = await startWorker(start, (error) => faults.push(error), programThat(code))

    const answers = await Promise.allSettled([worker.ask(query), worker.ask(query)])

    const rejected = { status: 'rejected', reason: expect.objectContaining({ message }) }
    expect(answers).toEqual([rejected, rejected])
    await expect(worker.ask(query)).rejects.toThrow(message)
    expect(faults).toEqual([expect.objectContaining({ message })])
    await worker.close()
  },
)

test('closing lets the worker answer what it was asked before', async () => {
  const worker = await startWorker(start, () => {})

  const asked = worker.ask(query)
  await Promise.all([worker.close(), worker.close()])

  expect(await asked).toEqual([{ columns: ['1'], values: [1] }])
  await expect(worker.ask(query)).rejects.toMatchObject({ code: 'kernel.closed' })
})
