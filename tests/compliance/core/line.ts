import assert from 'node:assert/strict'
import { WebSocket } from 'ws'
import { clip } from './expect.js'
import { parseJson } from './http.js'

/** A frame of the channel. */
export interface Frame {
  type: string
  [member: string]: unknown
}

export interface LineOptions {
  headers?: Record<string, string>
  protocols?: string[]
}

/** One WebSocket with everything it has received so far. */
export interface Line {
  readonly frames: readonly Frame[]
  /** The close code once closed. */
  readonly closed: number | undefined
  /** Sends an object as JSON, or a text as it is. */
  send(frame: object | string): void
  /** Waits until the condition holds; fails with what was received when it does not come true. */
  until(what: string, holds: (line: Line) => boolean): Promise<void>
  /** Waits for the `nth` frame (from 1) of a type. */
  next(type: string, nth?: number): Promise<Frame>
  /** Waits for the end and answers the close code. */
  end(): Promise<number>
  ofType(type: string): Frame[]
  types(): string[]
  close(): void
}

const patienceMs = 30_000

/**
 * Opens a WebSocket to `base + path`, the path taken verbatim.
 * Rejects when the upgrade is not answered with 101.
 */
export function openLine(base: string, path: string, options: LineOptions = {}): Promise<Line> {
  const url = base.replace(/^http/, 'ws').replace(/\/+$/, '') + path
  const socket = new WebSocket(url, options.protocols ?? [], {
    headers: options.headers,
    perMessageDeflate: false,
  })
  const line = track(socket)
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(line))
    socket.once('error', reject)
  })
}

function track(socket: WebSocket): Line {
  const frames: Frame[] = []
  const waiting = new Set<() => void>()
  let closed: number | undefined
  const moved = () => {
    for (const look of waiting) look()
  }
  socket.binaryType = 'nodebuffer'
  socket.on('message', (bytes) => {
    // The binary type makes every message one Buffer.
    const text = (bytes as Buffer).toString('utf8')
    frames.push((parseJson(text) ?? { type: `not JSON: ${clip(text)}` }) as Frame)
    moved()
  })
  socket.on('close', (code) => {
    closed = code
    moved()
  })
  socket.on('error', moved)

  const line: Line = {
    frames,
    get closed() {
      return closed
    },
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    until: (what, holds) =>
      waitFor(
        waiting,
        () => holds(line),
        () => `${what}; received ${describe(line)}`,
      ),
    async next(type, nth = 1) {
      await line.until(
        `no ${type} frame (${nth})`,
        () => line.ofType(type).length >= nth || closed !== undefined,
      )
      const found = line.ofType(type)[nth - 1]
      assert.ok(found, `closed without ${type} frame (${nth}); received ${describe(line)}`)
      return found
    },
    async end() {
      await line.until('still open', () => closed !== undefined)
      return closed ?? 0
    },
    ofType: (type) => frames.filter((frame) => frame.type === type),
    types: () => frames.map((frame) => frame.type),
    close: () => socket.terminate(),
  }
  return line
}

function waitFor(waiting: Set<() => void>, holds: () => boolean, message: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (!holds()) return
      stop()
      resolve()
    }
    const timer = setTimeout(() => {
      stop()
      reject(new assert.AssertionError({ message: message() }))
    }, patienceMs)
    const stop = () => {
      clearTimeout(timer)
      waiting.delete(look)
    }
    waiting.add(look)
    look()
  })
}

function describe(line: Line): string {
  return `${clip(JSON.stringify(line.frames), 600)}${line.closed === undefined ? '' : `, closed ${line.closed}`}`
}
