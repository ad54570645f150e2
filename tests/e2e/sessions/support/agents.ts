// What tests say of agents and of what they leave behind.
import { readFileSync } from 'node:fs'
import type { AgentTemplate } from '@parley/sessions'
import { demoSpawn } from './stage.js'

/** A template of the demo agent. */
export const demoTemplate = (more: Partial<AgentTemplate> = {}): AgentTemplate => ({
  id: 'demo',
  name: 'Demo',
  spawn: demoSpawn(),
  runtime: { provider: 'local' },
  ...more,
})

/** Any UUID. */
export const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** ISO-8601 in UTC with milliseconds. */
export const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** False for a process that has ended, also when nobody has collected it yet. */
export function isRunning(pid: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text[text.lastIndexOf(')') + 2] !== 'Z'
  } catch {
    return false
  }
}
