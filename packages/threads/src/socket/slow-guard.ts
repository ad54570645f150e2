import type { Socket as Connection } from 'engine.io'

/**
 * Closes a connection whose peer does not keep up: what is written while the transport is busy waits in memory. The
 * peer connects again and resumes from the log. One packet alone may have any size.
 */
export function guardSlow(connection: Connection, maxChars: number): void {
  let waiting = 0
  connection.on('flush', () => {
    waiting = 0
  })
  connection.on('packetCreate', ({ data }: { data?: { length: number } }) => {
    const chars = data?.length ?? 0
    if (waiting > 0 && waiting + chars > maxChars) connection.close(true)
    else waiting += chars
  })
}
