import type { Context } from './check.js'
import { NotApplicable } from './expect.js'
import { send } from './http.js'
import { type Line, openLine } from './line.js'
import { createSession, set } from './session.js'

/** The servers a run looks at. */
export interface Targets {
  url: string
  short?: string
  second?: string
}

/** What is found out once per run, shared by all its checks. */
export interface Findings {
  hooks?: Promise<boolean>
}

/** A context for one check, and the function that closes what the check left open. */
export function openContext(targets: Targets, findings: Findings): { context: Context; close(): void } {
  const lines: Line[] = []
  const track = (line: Line) => void lines.push(line)
  const context: Context = {
    ...targets,
    send: (sent, base = targets.url) => send(base, sent),
    session: (body = {}, base = targets.url) => createSession(base, body, track),
    form: (body = {}) => createSession(targets.url, { mode: 'form-fill', ...body }, track),
    async line(path, options, base = targets.url) {
      const line = await openLine(base, path, options)
      track(line)
      return line
    },
    async needHooks() {
      findings.hooks ??= hasHooks(targets.url)
      if (!(await findings.hooks)) throw new NotApplicable('the server has no conformance hooks')
    },
  }
  const close = () => {
    for (const line of lines) line.close()
  }
  return { context, close }
}

async function hasHooks(url: string): Promise<boolean> {
  const session = await createSession(url, { mode: 'form-fill' }, () => {})
  const report = await session.act([set('vetoed', 1)])
  return report.rejected.includes('vetoed')
}
