import { type Figures, tearTurns } from './torn.js'

/** Kills agents in the middle of turns, again and again. */
export const killAgents = (options: { rounds: number; seed: number }): Promise<Figures> =>
  tearTurns(
    {
      kill: async (_, sessions) => {
        for (const { agent } of sessions) process.kill(agent.pid, 'SIGKILL')
      },
      reason: 'agent_exit',
      message: 'The agent was ended by SIGKILL, and the agent can not take up a session again.',
    },
    options,
  )
