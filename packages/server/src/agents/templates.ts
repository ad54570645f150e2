import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AgentTemplate } from '@parley/sessions'
import type { Config } from '../config/schema.js'
import { readAgentsFile } from './agents-file.js'
import { isOnPath } from './find-on-path.js'
import { knownAgents } from './known-agents.js'

/** The agents a server offers: those of the file, well-known ones that are installed, and the demo agent. */
export function agentTemplates(
  { agentsFile, demoAssistants, dataDir }: Pick<Config, 'agentsFile' | 'demoAssistants' | 'dataDir'>,
  path: string = process.env.PATH ?? '',
): AgentTemplate[] {
  const named = agentsFile === undefined ? [] : readAgentsFile(agentsFile)
  const taken = new Set(named.map(({ id }) => id))
  const installed = knownAgents
    .filter(({ id, command }) => !taken.has(id) && isOnPath(command, path))
    .map(({ id, name, command, args }) => ({
      id,
      name,
      spawn: { command, args: [...args] },
      runtime: { provider: 'local' },
    }))
  const demo = demoAssistants && !taken.has('demo') ? [demoTemplate(resolve(dataDir, 'demo-agent'))] : []
  return [...named, ...installed, ...demo]
}

/** A scripted agent, to try sessions with. With a directory it remembers its sessions there, and can be started again. */
export function demoTemplate(stateDir?: string): AgentTemplate {
  const program = fileURLToPath(import.meta.resolve('@parley/sessions/demo-agent'))
  const memory = stateDir === undefined ? [] : ['--load', '--state', stateDir]
  return {
    id: 'demo',
    name: 'Demo agent',
    spawn: { command: process.execPath, args: [program, '--modes', '--models', ...memory] },
    runtime: { provider: 'local' },
  }
}
