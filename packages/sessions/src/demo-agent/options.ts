import { parseArgs } from 'node:util'
import { helpText } from './help.js'

/** How a demo agent was started. */
export type DemoOptions = {
  /** Can `session/load`: remembers its sessions in `stateDir` and replays them. */
  load: boolean
  /** Can `session/resume`: the same without the replay. */
  resume: boolean
  stateDir: string | undefined
  /** Milliseconds before `initialize` is answered. */
  slowStartMs: number
  /** Written to stderr instead of starting. */
  failStart: string | undefined
  modes: boolean
  models: boolean
}

/** Reads the command line; a text is what to print instead, and with which exit code. */
export function readOptions(argv: readonly string[]): DemoOptions | { print: string; exitCode: number } {
  const { values } = parseArgs({ args: [...argv], options: flags, allowPositionals: true })
  if (values.help) return { print: helpText(), exitCode: 0 }
  if ((values.load || values.resume) && !values.state)
    return { print: '--load and --resume need --state DIR.\n', exitCode: 2 }
  return {
    load: values.load,
    resume: values.resume,
    stateDir: values.state,
    slowStartMs: Number(values['slow-start']) || 0,
    failStart: values['fail-start'],
    modes: values.modes,
    models: values.models,
  }
}

const flag = { type: 'boolean', default: false } as const
const flags = {
  help: flag,
  load: flag,
  resume: flag,
  state: { type: 'string' },
  'slow-start': { type: 'string' },
  'fail-start': { type: 'string' },
  modes: flag,
  models: flag,
} as const
