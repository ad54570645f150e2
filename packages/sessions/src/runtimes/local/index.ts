import { sessionsErrors } from '../../errors.js'
import { externalRuntime } from '../external/index.js'
import type { AttachedRuntime } from '../port.js'
import { LocalHost } from './local-host.js'
import { toHostRequest, toResponse } from './requests.js'

/** Options of `localRuntime`. */
export type LocalRuntimeOptions = {
  /**
   * What the host keeps: sessions, and events that no server has taken yet. With it the host process outlives the server,
   * and the next server finds it again; one host and one server at a time. Default: a temporary one that ends with the server.
   */
  dataDir?: string
  /** Directory of sessions that name none. Default: the server's own. */
  cwd?: string
  /** Sessions and files stay inside these directories. Default: sessions may live anywhere. */
  dirs?: readonly string[]
  /** Directories that may be looked into besides, where sessions may live anywhere. Default: `cwd`. */
  roots?: readonly string[]
  /** The host's environment, beside the server's own. Agents get of it only what is harmless. */
  env?: Readonly<Record<string, string>>
  /** Run setup scripts of templates. Default false. */
  allowSetup?: boolean
  /** How long the host process may take to link. Default 15,000. */
  startWithinMs?: number
  /** Address of a host that somebody else runs: then everything is as with `externalRuntime`. */
  url?: string
}

/**
 * Runs agents on this machine, in a process beside the server that outlives it (section 13.10). Its one instance has the
 * name of the type. Needs a plane: `fetchSession` throws before `attach`.
 */
export function localRuntime(options: LocalRuntimeOptions = {}): AttachedRuntime {
  const {
    url,
    cwd = process.cwd(),
    dataDir,
    dirs,
    roots,
    env = {},
    allowSetup = false,
    startWithinMs = 15_000,
  } = options
  if (url !== undefined) return externalRuntime({ url, ...(options.cwd !== undefined && { cwd }) })
  let local: { host: LocalHost; send(request: Request, below?: string): Promise<Response> } | undefined

  const attached = () => {
    if (local) return local
    throw sessionsErrors.runtimeFailed({ message: 'The local runtime is not attached to a plane.' })
  }
  return {
    onlyOne: true,
    attach: (context) => {
      const hostEnv = { ...process.env, ...env }
      const host = new LocalHost(
        { dataDir, cwd, dirs, roots, env: hostEnv, allowSetup, startWithinMs },
        context,
      )
      const send = async (request: Request, below?: string) => {
        const hostRequest = await toHostRequest(request, below)
        if (!hostRequest) return Response.json({ error: 'Invalid JSON body' }, { status: 400 })
        const hostId = await host.connected()
        return toResponse(await context.links.request(hostId, hostRequest, { signal: request.signal }))
      }
      local = { host, send }
    },
    detach: async () => {
      await local?.host.close()
      local = undefined
    },
    hostOf: async () => await attached().host.connected(),
    fetchSession: async (sessionId, request) =>
      await attached().send(request, `/sessions/${encodeURIComponent(sessionId)}`),
    fetchInstance: async (_, request) => await attached().send(request),
    start: async () => void (await attached().host.connected()),
    stop: async () => await attached().host.end(),
    delete: async () => await attached().host.forget(),
    getInstanceStatus: async () => await attached().host.status(),
    getDefaultCwd: () => cwd,
    getRuntimeMeta: () => (local?.host.hostId === undefined ? null : { hostId: local.host.hostId }),
    reconnect: async (sessionId) => {
      const health = new Request('http://session.invalid/health')
      return (await attached().send(health, `/sessions/${encodeURIComponent(sessionId)}`)).ok
    },
    dispose: async () => await local?.host.end(),
  }
}
