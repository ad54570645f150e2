// Terminals as they are folded from their events: those of an agent, and those that people opened on a runtime.

/** A terminal. `output` is the end of what it wrote, with its escape sequences. */
export type TerminalSession = {
  readonly terminalId: string
  readonly command: string
  readonly output: string
  /** What was written before `output` is gone. */
  readonly isCut: boolean
  /** Null while it runs; -1 when it was killed. */
  readonly exitCode: number | null
}

/** In the order in which they were opened. */
export type TerminalSessions = readonly TerminalSession[]

type TerminalEvent = { type: string; data: Readonly<Record<string, unknown>> }

/** Characters of output that are kept of a terminal. */
const maxOutput = 400_000

/** What an event makes of terminals; the same list when it changes nothing. Pure. */
export function reduceTerminals(
  terminals: TerminalSessions,
  { type, data }: TerminalEvent,
): TerminalSessions {
  const { terminalId } = data
  if (typeof terminalId !== 'string') return terminals
  if (type === 'terminal.release') return without(terminals, terminalId)
  const known = terminals.find((one) => one.terminalId === terminalId)
  // What ended before it was known is of no use to anybody.
  const next =
    type === 'terminal.exit' && !known ? undefined : changed(known ?? empty(terminalId), type, data)
  if (!next || next === known) return terminals
  if (!known) return [...terminals, next]
  return terminals.map((one) => (one === known ? next : one))
}

function changed(terminal: TerminalSession, type: string, data: TerminalEvent['data']) {
  if (type === 'terminal.started') return { ...terminal, command: String(data.command ?? '') }
  if (type === 'terminal.data')
    return typeof data.data === 'string' ? written(terminal, data.data) : undefined
  if (type !== 'terminal.exit') return undefined
  return { ...terminal, exitCode: typeof data.exitCode === 'number' ? data.exitCode : -1 }
}

function written(terminal: TerminalSession, text: string): TerminalSession {
  const output = terminal.output + text
  // WHY half as much again: cutting at every chunk would copy everything each time.
  if (output.length <= maxOutput * 1.5) return { ...terminal, output }
  const end = output.slice(-maxOutput)
  // A line begins in a known place; the middle of one may be the middle of an escape sequence.
  return { ...terminal, output: end.slice(end.indexOf('\n') + 1), isCut: true }
}

const empty = (terminalId: string): TerminalSession => ({
  terminalId,
  command: '',
  output: '',
  isCut: false,
  exitCode: null,
})

function without(terminals: TerminalSessions, terminalId: string): TerminalSessions {
  const left = terminals.filter((one) => one.terminalId !== terminalId)
  return left.length === terminals.length ? terminals : left
}
