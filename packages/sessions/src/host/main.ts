#!/usr/bin/env node
// The host as a process of its own: arguments, signals, and when it ends.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '@parley/kernel/ids'
import { type HostArguments, parseArguments, usage } from './arguments.js'
import { localBackOff, wsDial } from './link/index.js'
import { createLogFile } from './log-file.js'
import { type Host, openHost } from './open-host.js'
import { type Standalone, serveStandalone } from './standalone/index.js'

const unlinkedMs = 10 * 60_000
const neverLinkedMs = 30_000
/** A server that was only held up, as by a machine that slept, takes the next link. */
const lostMs = 2_000

function read(): HostArguments {
  try {
    return parseArguments(process.argv.slice(2), process.cwd(), process.env)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    process.exit(2)
  }
}

async function run(args: HostArguments): Promise<void> {
  mkdirSync(args.dataDir, { recursive: true, mode: 0o700 })
  const log = createLogFile(join(args.dataDir, 'host.log'), Date.now)
  // Nobody reads the output of a detached host; a person at a terminal does.
  const report = (message: string) => {
    log(message)
    if (process.stderr.isTTY) console.error(message)
  }
  let host: Host | undefined
  let door: Standalone | undefined
  let isEnding = false
  const end = async (exitCode: number, why: string) => {
    if (isEnding) return
    isEnding = true
    report(`the host ends: ${why}`)
    await door?.close()
    await host?.close().catch((error: unknown) => report(String(error)))
    process.exit(exitCode)
  }
  // A terminal that is closed must not end the agents.
  process.on('SIGHUP', () => report('SIGHUP is ignored'))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(0, signal))
  process.on('uncaughtException', (error) => void end(1, error.stack ?? error.message))
  process.on('unhandledRejection', (error) => void end(1, `unhandled ${String(error)}`))

  const { address, tokenFile } = args
  const watch = watchLink(args, () => host, end)
  host = await openHost({
    ...args,
    ...(address && tokenFile && { dial: wsDial({ url: address.url, token: () => readToken(tokenFile) }) }),
    ...(address?.isLocal && { backOff: localBackOff }),
    allowSetup: args.allowSetup || Boolean(process.env.RUNTIME_SETUP_ENABLED),
    report,
    onLinkChange: watch,
    onRefused: ({ code, reason, exitCode }) => void end(exitCode, `refused with ${code} ${reason}`),
    onFailure: (error) => void end(1, `the disk can not be written: ${String(error)}`),
  })
  report(`host ${host.hostId} runs as process ${process.pid}`)
  if (args.listen) {
    // A token that is meant for the server is not one for callers.
    const token = tokenFile && !address ? readToken(tokenFile) : undefined
    door = await serveStandalone({
      ...args.listen,
      host,
      ...(token && { token }),
      onFault: (error) => report(String(error)),
    })
    // Launchers wait for these words.
    console.log(`[runtime-host] listening on port ${door.port} (ready for sessions)`)
  }
  // Timers of the clock do not keep the process; a host that waits for its server must stay.
  setInterval(() => {}, 2 ** 30)
}

/** Ends a host that nobody needs any more: its link is lost, or it has been without one and without sessions. */
function watchLink(
  { untilLinkLost, address }: HostArguments,
  host: () => Host | undefined,
  end: (exitCode: number, why: string) => Promise<void>,
): (isUp: boolean) => void {
  let downSince: number | undefined = Date.now()
  let wasUp = false
  const look = () => {
    const downMs = downSince === undefined ? 0 : Date.now() - downSince
    const isEmpty = host()?.sessions().length === 0
    if (untilLinkLost && !wasUp && downMs >= neverLinkedMs) void end(1, 'the server was never there')
    else if (address?.isLocal && isEmpty && downMs >= unlinkedMs) void end(0, 'nobody needs it')
    else systemClock.after(5_000, look)
  }
  if (address) look()
  return (isUp) => {
    const since = isUp ? undefined : Date.now()
    downSince = since
    wasUp ||= isUp
    if (isUp || !untilLinkLost) return
    systemClock.after(lostMs, () => downSince === since && void end(0, 'the link was lost'))
  }
}

const readToken = (path: string): string => readFileSync(path, 'utf8').trim()

run(read()).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  // Whatever was opened ends with the process; its lock is that of a dead one.
  process.exit(1)
})
