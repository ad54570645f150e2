import type { TerminalSignal } from '../../protocol/index.js'
import type { HostEvents } from '../port.js'
import { type Coalescer, createCoalescer } from './coalescer.js'
import { openPty, type Pty, type PtyOptions } from './pty.js'
import { createRing, type Ring } from './ring.js'
import { createScreen, type Screen } from './screen.js'

const maxRing = 1024 * 1024
const keptAfterCut = maxRing / 2
const pauseAt = maxRing + maxRing / 4

export type RuntimeTerminalOptions = Omit<PtyOptions, 'onData' | 'onExit'> & {
  id: string
  /** As clients are told. */
  command: string
  events: HostEvents
  nextSeq(): number
}

/** A terminal that a client opened. */
export interface RuntimeTerminal {
  readonly id: string
  readonly command: string
  /** Undefined while it runs; -1 when a signal ended it. */
  readonly exitCode: number | undefined
  readonly ring: Ring
  write(data: string): boolean
  resize(cols: number, rows: number): void
  /** Ends the program, tells those who watch, and keeps nothing. Resolves when the processes are gone. */
  end(): Promise<void>
}

type State = RuntimeTerminalOptions & {
  ring: Ring
  pauses: Set<'ring' | 'room'>
  isCutting: boolean
  isEnded: boolean
  exitCode?: number
  screen?: Screen
  pty?: Pty
}

/** Starts the program; its output is numbered, kept within bounds and signalled to whoever watches. */
export function openRuntimeTerminal(options: RuntimeTerminalOptions): RuntimeTerminal {
  const ring = createRing()
  const state: State = { ...options, ring, pauses: new Set(), isCutting: false, isEnded: false }
  const output = createCoalescer(options.clock, (text) => tellData(state, text))
  const pty = openPty({ ...options, onData: output.push, onExit: (code) => onExit(state, output, code) })
  state.pty = pty
  tell(state, 'terminal.started', { command: options.command })
  return {
    id: options.id,
    command: options.command,
    ring,
    get exitCode() {
      return state.exitCode
    },
    write: pty.write,
    resize: (cols, rows) => {
      output.flush()
      Object.assign(state, { cols, rows })
      pty.resize(cols, rows)
    },
    end: () => end(state, output, pty),
  }
}

function tell(state: State, type: string, data: Record<string, unknown>, text = ''): void {
  const { id, events, ring, clock } = state
  const timestamp = new Date(clock.now()).toISOString()
  const signal = { seq: state.nextSeq(), event: { type, data: { terminalId: id, ...data }, timestamp } }
  ring.add(signal, text, state)
  events.signal({ channel: `terminals:${id}`, data: signal })
}

function tellData(state: State, text: string): void {
  if (state.isEnded) return
  tell(state, 'terminal.data', { data: text }, text)
  if (state.ring.bytes > maxRing && !state.isCutting) void cut(state)
  if (state.ring.bytes > pauseAt) pause(state, 'ring')
  const room = state.events.room()
  if (!room || state.pauses.has('room')) return
  pause(state, 'room')
  void room.then(() => resume(state, 'room'))
}

/** Puts what the oldest output left on the screen in its place. */
async function cut(state: State): Promise<void> {
  state.isCutting = true
  const oldest = state.ring.oldest(keptAfterCut)
  const last = oldest.at(-1)
  state.screen ??= createScreen(state.cols, state.rows)
  const data = await state.screen.feed(oldest)
  if (last && !state.isEnded) state.ring.replace(oldest, inPlaceOf(last.signal, state.id, data))
  state.isCutting = false
  if (state.isEnded) state.screen.close()
  resume(state, 'ring')
}

// WHY: with the number and the time of the last event that it replaces it is the same however often it is replayed.
function inPlaceOf({ seq, event }: TerminalSignal, terminalId: string, data: string): TerminalSignal {
  return { seq, event: { type: 'terminal.data', data: { terminalId, data }, timestamp: event.timestamp } }
}

function pause({ pauses, pty }: State, why: 'ring' | 'room'): void {
  if (pauses.size === 0) pty?.pause()
  pauses.add(why)
}

function resume({ pauses, pty }: State, why: 'ring' | 'room'): void {
  if (pauses.delete(why) && pauses.size === 0) pty?.resume()
}

function onExit(state: State, output: Coalescer, exitCode: number): void {
  output.flush()
  output.close()
  if (state.isEnded) return
  state.exitCode = exitCode
  tell(state, 'terminal.exit', { exitCode })
}

async function end(state: State, output: Coalescer, pty: Pty): Promise<void> {
  if (state.isEnded) return
  output.flush()
  if (state.exitCode === undefined) tell(state, 'terminal.exit', { exitCode: -1 })
  state.isEnded = true
  if (!state.isCutting) state.screen?.close()
  await pty.end()
}
