import { readFileSync } from 'node:fs'
import type { AgentTemplate } from '@parley/sessions'
import * as z from 'zod'
import { ConfigError } from '../config/load.js'

const environment = z.record(z.string(), z.string())

/** The file of `PARLEY_AGENTS`: names of agents and how they are started. */
const agentsFile = z.record(
  z.string().regex(/^[\w.-]{1,100}$/),
  z.strictObject({
    name: z.string().min(1).optional(),
    command: z.string().min(1),
    args: z.array(z.string()).default([]),
    env: environment.optional(),
    setup: z.string().optional(),
  }),
)

/** Templates of the agents that a file names, in its order. Throws a `ConfigError` that says what does not fit. */
export function readAgentsFile(file: string): AgentTemplate[] {
  const read = agentsFile.safeParse(parse(file))
  if (!read.success)
    throw new ConfigError(
      read.error.issues.map(({ path, message }) => `${file}: ${path.join('.')}: ${message}`),
    )
  return Object.entries(read.data).map(([id, { name = id, command, args, env, setup }]) => ({
    id,
    name,
    spawn: { command, args },
    runtime: { provider: 'local', ...(setup !== undefined && { setup }) },
    ...(env && { env }),
  }))
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new ConfigError([
      `PARLEY_AGENTS: ${file}: ${error instanceof Error ? error.message : 'unreadable'}`,
    ])
  }
}
