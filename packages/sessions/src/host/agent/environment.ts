// What an agent may know of the host's environment. The server's tokens, keys and settings are not among it.

const passedOn = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TERM',
  'COLORTERM',
  'TZ',
  'TMPDIR',
  'XDG_CONFIG_HOME',
  'XDG_CACHE_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
  'XDG_RUNTIME_DIR',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
])
const passedOnPatterns = [/^LC_/, /^(https?|all|no|ftp)_proxy$/i]

/** Set in an agent and everything it starts: by its value they are found again when the agent or the host has ended. */
export const markName = 'PARLEY_AGENT_MARK'

/** The same in a command of a terminal, for the terminal alone. */
export const terminalMarkName = 'PARLEY_TERMINAL_MARK'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The environment of a program that works for a session: of the host's only `PATH`, `HOME`, `USER`, `LOGNAME`, `SHELL`, the
 * language (`LANG`, `LANGUAGE`, `LC_*`), `TERM`, `COLORTERM`, `TZ`, `TMPDIR`, the `XDG_*` directories, the places of
 * certificates (`SSL_CERT_FILE`, `SSL_CERT_DIR`, `NODE_EXTRA_CA_CERTS`) and the proxies (`HTTP_PROXY` …, also in lower case);
 * then what the caller gives, which wins.
 */
export function cleanEnvironment(host: Environment, given: Environment = {}): Record<string, string> {
  const entries = Object.entries(host).filter(([name]) => isPassedOn(name))
  const all = [...entries, ...Object.entries(given)]
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== undefined))
}

function isPassedOn(name: string): boolean {
  return passedOn.has(name) || passedOnPatterns.some((pattern) => pattern.test(name))
}
