import { createServer as createHttpServer, type Server } from 'node:http'
import type { Ground } from '@parley/kernel/ground'
import { toNodeListener } from '@parley/kernel/http'
import { createLogger, createMetrics, type Logger } from '@parley/kernel/telemetry'
import { ActAsTokens } from './auth/act-as-tokens.js'
import { type Asked, createAuthenticator } from './auth/authenticate.js'
import { Credentials } from './auth/credentials.js'
import { command } from './auth/principals.js'
import type { Config } from './config/schema.js'
import { addPicture } from './demo-assistants/picture.js'
import { createDoor, type Door } from './door.js'
import { canRead, type OnFault, openServerGround } from './ground.js'
import { originsOf } from './hosts.js'
import { createServerApp } from './http/app.js'
import { type ConsoleFiles, loadConsole } from './http/console-files.js'
import { ownerLink } from './http/control-routes.js'
import { countInFlight, type InFlight } from './lifecycle/in-flight.js'
import { listen } from './lifecycle/listen.js'
import { readRelayKey } from './lifecycle/relay-key.js'
import { observeNode, observeRequests } from './observe-requests.js'
import { openPlanes, type Planes, stopPlanes } from './planes.js'

/** A server that listens. */
export type ParleyServer = {
  /** Where it listens. */
  readonly url: string
  /** Where browsers and agents reach it: `PARLEY_PUBLIC_URL`, else `url`. */
  readonly publicUrl: string
  /** Credential for the command on this machine. */
  readonly controlToken: string
  readonly logger: Logger
  createOwnerLink(): Promise<string>
  /** Refuses new work, ends what runs, writes out what waits, closes. */
  stop(): Promise<void>
}

export type StartOptions = { config: Config; logger?: Logger }

/** Answers that are under way at a stop may take this long after the planes have ended. */
const drainMs = 5_000

/** No byte in or out for this long ends a connection; live streams send a sign of life every few seconds. */
const stalledMs = 300_000

/** Opens what a configuration says and listens. */
export async function startServer({
  config,
  logger = createLogger({ level: config.logLevel }),
}: StartOptions): Promise<ParleyServer> {
  const onFault = (error: unknown, where: string) => logger.error({ err: error, where }, 'fault')
  const ground = await openServerGround(config, onFault)
  try {
    return await serveOn({ ground, config, logger, onFault })
  } catch (error) {
    await ground.close()
    throw error
  }
}

type Site = { ground: Ground; config: Config; logger: Logger; onFault: OnFault }

async function serveOn(site: Site): Promise<ParleyServer> {
  const { ground, config, logger, onFault } = site
  const controlToken = `pc_${ground.ids.token(24)}`
  const selfOrigins = (request: Asked) => originsOf(request, config)
  const authenticate = createAuthenticator({ ground, controlToken, selfOrigins, ...config })
  let url = ''
  const publicUrl = () => config.publicUrl?.replace(/\/+$/, '') ?? url
  const tokens = new ActAsTokens(ground)
  const relayKey = await readRelayKey(config)
  const planes = openPlanes({ ground, config, authenticate, tokens, publicUrl, relayKey, onFault })
  const { handshake, threads, sessions, relay } = planes
  const credentials = new Credentials(ground)
  const stopping = new AbortController()
  const metrics = createMetrics({ process: true })
  try {
    const app = createServerApp({
      credentials,
      authenticate,
      service: await handshake.service(),
      rooms: await threads.operator(),
      tokens,
      webhooks: await threads.webhooks(),
      relay: (await relay.service()).operator,
      planeApps: await Promise.all([
        handshake.openApi(),
        threads.openApi(),
        sessions.openApi(),
        relay.openApi(),
      ]),
      consoleFiles: await consoleFiles(logger),
      metrics,
      clock: ground.clock,
      publicUrl,
      selfOrigins,
      isReady: async () => !stopping.signal.aborted && (await canRead(ground)),
      stopping: stopping.signal,
      onFault: (error) => onFault(error, 'server.http'),
    })
    if (config.demoAssistants) addPicture(app)
    const door = createDoor({ handshake, threads, sessions, relay, app, config, onFault })
    const observing = { metrics, logger, clock: ground.clock }
    const { server, inFlight } = openHttp(site, {
      ...door,
      fetch: observeRequests(observing, door.fetch),
      node: observeNode(observing, door.node),
    })
    url = await listen(server, config)
    // Without a listener an error of `accept`, such as too many open files, would end the process.
    server.on('error', (error) => onFault(error, 'server.listen'))
    return {
      url,
      publicUrl: publicUrl(),
      controlToken,
      logger,
      createOwnerLink: async () => ownerLink(publicUrl(), await credentials.createOwnerLink(command)),
      stop: once(async () => {
        stopping.abort()
        await stopInOrder({ server, inFlight, planes })
        await ground.close()
      }),
    }
  } catch (error) {
    await stopPlanes(planes)
    throw error
  }
}

function openHttp({ ground, config, onFault }: Site, { fetch, upgrade, isForNode, node }: Door): Http {
  const listener = toNodeListener(fetch, {
    ids: ground.ids,
    trustedProxies: config.trustedProxies,
    onFault: (error) => onFault(error, 'server.node'),
  })
  const inFlight = countInFlight((request, response) => {
    if (isForNode(request)) node(request, response)
    else void listener(request, response)
  }, ground.clock)
  const server = createHttpServer(inFlight.listener)
  server.on('upgrade', upgrade)
  // A client that takes nothing of its answer for so long is cut off; sockets are watched by their planes.
  server.timeout = stalledMs
  return { server, inFlight }
}

type Http = { server: Server; inFlight: InFlight }

async function stopInOrder({ server, inFlight, planes }: Http & { planes: Planes }): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeIdleConnections()
  await stopPlanes(planes)
  // The planes are done, but the last answers may still be on their way.
  await inFlight.drained(drainMs)
  server.closeAllConnections()
  await closed
}

async function consoleFiles(logger: Logger): Promise<ConsoleFiles | undefined> {
  const files = await loadConsole()
  if (!files) logger.warn('the console is not built; its pages are missing')
  return files
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= run()
    return running
  }
}
