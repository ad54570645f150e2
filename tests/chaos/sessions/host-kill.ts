import { endHost } from './processes.js'
import { type Figures, tearTurns } from './torn.js'

/** Kills the host in the middle of turns, again and again. Nobody asks for it: the server has to start the next one. */
export const killHosts = (options: { rounds: number; seed: number }): Promise<Figures> =>
  tearTurns(
    {
      kill: ({ hostDir }) => endHost(hostDir, 'SIGKILL'),
      reason: 'error',
      message: 'The host was restarted, and the agent can not take up a session again.',
    },
    options,
  )
