import { type ParleyServer, startServer } from '../compose.js'
import type { Config } from '../config/schema.js'
import { removeControl, writeControl } from './control-file.js'

/** Runs a server until a signal ends it: the first one in order, a second one at once. */
export async function runServer(
  config: Config,
  onListening: (server: ParleyServer) => Promise<void>,
): Promise<void> {
  const server = await startServer({ config })
  try {
    await writeControl(config.dataDir, { pid: process.pid, url: server.url, token: server.controlToken })
    const signal = firstSignal()
    await onListening(server)
    await signal
    server.logger.info('stopping; a second signal ends at once')
    onSignal(() => process.exit(130))
  } finally {
    await server.stop()
    await removeControl(config.dataDir, process.pid)
  }
}

function firstSignal(): Promise<void> {
  return new Promise((resolve) => onSignal(resolve))
}

function onSignal(listener: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, listener)
}
