import { readFileSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { type LinkAddress, toLinkAddress } from './link/index.js'
import type { StartPolicy } from './start-policy.js'

/** What the command line of a host says. */
export type HostArguments = {
  dataDir: string
  name: string
  roots: [string, ...string[]]
  policy: StartPolicy
  allowSetup: boolean
  untilLinkLost: boolean
  address?: LinkAddress
  tokenFile?: string
  /** Listens for foreign control planes. */
  listen?: { port: number; address?: string }
}

export const usage = `parley-host --data-dir DIR [--connect URL|SOCKET --token-file FILE] [options]

  --name NAME           how the host is listed (default: host)
  --dir DIR             directory in which sessions live and that may be looked into, repeatable (default: the
                        current one); sessions of a local socket may live anywhere without it
  --look DIR            further directory that may be looked into, repeatable
  --agents FILE         JSON list of {"command", "args", "env"} that may be started
  --allow-any-command   start whatever the server asks for (always so over a local socket)
  --allow-setup         run setup scripts of templates
  --insecure            allow an unencrypted link to another machine
  --until-link-lost     end when the link to the server is lost
  --port N              listen for a foreign control plane; without --connect this is so anyway, on
                        SESSION_HOST_PORT or 8787
  --bind ADDRESS        where to listen (default 127.0.0.1); any but a loopback address needs --token-file,
                        whose token callers then send`

/** Reads the command line. Throws an error for people when it makes no sense. */
export function parseArguments(
  args: string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>> = {},
): HostArguments {
  const { values } = parseArgs({
    args,
    options: {
      'data-dir': { type: 'string' },
      connect: { type: 'string' },
      'token-file': { type: 'string' },
      name: { type: 'string', default: 'host' },
      dir: { type: 'string', multiple: true },
      look: { type: 'string', multiple: true, default: [] },
      agents: { type: 'string' },
      'allow-any-command': { type: 'boolean', default: false },
      'allow-setup': { type: 'boolean', default: false },
      insecure: { type: 'boolean', default: false },
      'until-link-lost': { type: 'boolean', default: false },
      port: { type: 'string' },
      bind: { type: 'string' },
    },
  })
  const { connect, dir, agents, bind: address } = values
  const port = values.port ?? (connect ? undefined : (env.SESSION_HOST_PORT ?? '8787'))
  if (!values['data-dir']) throw new Error('--data-dir is missing')
  if (connect && !values['token-file']) throw new Error('--connect needs --token-file')
  const homes = toRoots(cwd, dir ?? [])
  const isLocal = connect !== undefined && isAbsolute(connect.trim())
  return {
    dataDir: resolve(cwd, values['data-dir']),
    name: values.name,
    roots: toRoots(cwd, [...(dir ?? []), ...values.look]),
    policy: {
      agents: isLocal || values['allow-any-command'] ? 'any' : readAgents(agents),
      ...((!isLocal || dir) && { roots: homes }),
    },
    allowSetup: values['allow-setup'],
    untilLinkLost: values['until-link-lost'],
    ...(connect && { address: toLinkAddress(connect, values.insecure) }),
    ...(values['token-file'] && { tokenFile: resolve(cwd, values['token-file']) }),
    ...(port !== undefined && { listen: { port: toPort(port), ...(address && { address }) } }),
  }
}

/** Absolute, and at least one: the current directory. */
function toRoots(cwd: string, given: readonly string[]): [string, ...string[]] {
  const [first = '.', ...rest] = given
  return [resolve(cwd, first), ...rest.map((root) => resolve(cwd, root))]
}

const agentsSchema = z.array(
  z.object({
    command: z.string().min(1),
    args: z.array(z.string()).default([]),
    env: z.record(z.string(), z.string()).optional(),
  }),
)

function readAgents(path: string | undefined): StartPolicy['agents'] {
  return path === undefined ? [] : agentsSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
}

function toPort(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new Error(`${text} is not a port`)
  return port
}
