import type { AgentTemplate } from '@parley/sessions/protocol'

/** An agent as it is written in a form. */
export type AgentFields = {
  readonly name: string
  readonly command: string
  /** One argument a line: blanks belong to it. */
  readonly args: string
  /** `NAME=value`, one a line. */
  readonly env: string
  readonly setup: string
  readonly provider: string
}

export function fieldsOf(template: AgentTemplate | undefined): AgentFields {
  const { name = '', spawn, env, runtime } = template ?? {}
  return {
    name,
    command: spawn?.command ?? '',
    args: (spawn?.args ?? []).join('\n'),
    env: Object.entries(env ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join('\n'),
    setup: runtime?.setup ?? '',
    provider: runtime?.provider ?? '',
  }
}

/** What is sent, or why it can't be. */
export function templateOf({ name, command, args, env, setup, provider }: AgentFields) {
  const variables = parseEnv(env)
  if (typeof variables === 'string') return variables
  return {
    name: name.trim(),
    spawn: { command: command.trim(), args: linesOf(args) },
    runtime: { ...(provider !== '' && { provider }), setup },
    env: variables,
  }
}

function parseEnv(text: string): Record<string, string> | string {
  const variables: Record<string, string> = {}
  for (const line of linesOf(text)) {
    const [, key, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? []
    if (key === undefined) return `“${line}” is not NAME=value.`
    variables[key] = value ?? ''
  }
  return variables
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '')
