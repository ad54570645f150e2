// One connection, from the dial to the close: hellos, descriptors, frames, signs of life.

import type { Clock } from '@parley/kernel/ids'
import type { JsonObject } from '@parley/kernel/wire'
import {
  type CapabilityDescriptor,
  createFrameReader,
  frameText,
  type GatewayFrame,
  limits,
  readDescriptor,
} from '../../protocol/index.js'
import { type Keepalive, startKeepalive } from './keepalive.js'
import type { Dial, RelaySocket } from './socket.js'

export type Hello = Extract<GatewayFrame, { type: 'hello' }>

export type LinkOptions = {
  dial: Dial
  clock: Clock
  hellos: readonly Hello[]
  opened(): void
  descriptor(descriptor: CapabilityDescriptor): void
  /** Every frame but descriptors. */
  frame(frame: JsonObject): void
  /** Once, and the last. */
  closed(code: number, reason: string): void
  report(message: string): void
}

export interface Link {
  send(text: string, onFailed?: (error: Error) => void): void
  close(code: number, reason: string): void
  readonly bufferedBytes: number
}

const closeWithinMs = 2_000

export function openLink(options: LinkOptions): Link {
  const { clock, report } = options
  let keepalive: Keepalive | undefined
  let stopWaiting = () => {}
  let isEnding = false

  // Nothing is told before the dial has returned.
  const socket: RelaySocket = options.dial({
    opened: () => {
      if (isEnding) return socket.terminate()
      for (const hello of options.hellos) socket.send(`${frameText(hello)}\n`)
      keepalive = startKeepalive({ clock, ping: () => socket.ping(), onSilent: () => cutOff('silent') })
      stopWaiting = clock.after(limits.handshakeMs, () => cutOff('no descriptor came'))
      options.opened()
    },
    heard: () => keepalive?.heard(),
    message: (text) => {
      if (!isEnding && !reader.push(text)) close(1009, 'message too big')
    },
    closed: (code, reason) => {
      end()
      options.closed(code, reason)
    },
  })
  const reader = createFrameReader({
    maxBytes: limits.inboundMessageBytes,
    onFrame: (frame) => (frame.type === 'descriptor' ? descriptor(frame.descriptor) : options.frame(frame)),
    onMalformed: () => report('a malformed frame was skipped'),
  })

  function descriptor(value: unknown): void {
    const read = readDescriptor(value)
    stopWaiting()
    if (read) options.descriptor(read)
    else {
      report('the descriptor lacks a required member')
      close(1002, 'malformed descriptor')
    }
  }
  function cutOff(why: string): void {
    report(`connection cut off: ${why}`)
    socket.terminate()
  }
  function end(): void {
    isEnding = true
    stopWaiting()
    keepalive?.stop()
  }
  function close(code: number, reason: string): void {
    end()
    socket.close(code, reason)
    const stop = clock.after(closeWithinMs, () => socket.terminate())
    stopWaiting = stop
  }

  return {
    send: (text, onFailed) => {
      // OUTSIDE: sockets of others may throw instead of calling back.
      try {
        socket.send(`${text}\n`, onFailed)
      } catch (error) {
        onFailed?.(error instanceof Error ? error : new Error('the socket refused it'))
      }
    },
    close: (code, reason) => {
      if (!isEnding) close(code, reason)
    },
    get bufferedBytes() {
      return socket.bufferedBytes
    },
  }
}
