import { cleanEnvironment, type Environment } from '../agent/environment.js'

/** What a program in a terminal gets: of the host's environment nothing that could be a secret, and the kind of terminal. */
export function terminalEnvironment(host: Environment): Record<string, string> {
  return cleanEnvironment(host, { TERM: 'xterm-256color', COLORTERM: 'truecolor' })
}
