import type { Connection } from '@parley/kernel/socket'
import { closeCodes } from '../close-codes.js'
import { InOrder } from './in-order.js'

/** Messages of one connection that wait; more of them close it. */
const maxWaiting = 1_000
const maxWaitingChars = 8 * 1024 * 1024

/** Hands over the messages of a connection one after the other: keystrokes must not overtake each other. */
export function readInOrder(
  connection: Connection,
  take: (text: string) => Promise<void> | void,
  onFault: (error: unknown) => void,
): void {
  const jobs = new InOrder(onFault)
  let waitingChars = 0
  connection.onMessage((text) => {
    if (jobs.waiting >= maxWaiting || waitingChars + text.length > maxWaitingChars)
      return connection.close(closeCodes.tryLater, 'too many messages')
    waitingChars += text.length
    void jobs.run(async () => {
      waitingChars -= text.length
      if (connection.isOpen) await take(text)
    })
  })
}
