// A coding agent in a directory of its own, and two people who watch it from elsewhere. The server, the agent's template and
// the people's clients are all in this file; `node dist/box.js` prints what they see.
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createSessions } from '@parley/sessions'
import { createSessionsClient, type LiveSession, type SessionsClient } from '@parley/sessions/client'
import { localRuntime } from '@parley/sessions/runtimes'
import { WebSocket } from 'ws'

// --- the server -------------------------------------------------------------------------------------------------

const demoAgent = fileURLToPath(import.meta.resolve('@parley/sessions/demo-agent'))
const people = ['ada', 'ben']

/** Serves one agent that works in an empty directory. In an application `authenticate` asks your own sign-in. */
export async function startBox(): Promise<{ url: string; directory: string; stop(): Promise<void> }> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'box-')))
  const sessions = createSessions({
    authenticate: (request) => {
      const name = request.headers.get('authorization')?.replace('Bearer ', '') ?? tokenOf(request.url)
      return people.includes(name)
        ? { kind: 'user', id: name, name, tenant: {}, scopes: ['sessions:*'] }
        : null
    },
    runtimes: { local: localRuntime({ cwd: directory, roots: [directory] }) },
    agentTemplates: [
      {
        id: 'demo',
        name: 'Demo agent',
        spawn: { command: process.execPath, args: [demoAgent] },
        runtime: { provider: 'local' },
      },
    ],
  })
  await sessions.ready
  const server = createServer((request, response) => void sessions.node(request, response))
  server.on('upgrade', sessions.upgrade)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    await sessions.stop({ sessions: 'terminate' })
    server.closeAllConnections()
    await closed
    await rm(directory, { recursive: true, force: true })
  }
  // The cast: a server that listens on a port has an address with one.
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`, directory, stop }
}

const tokenOf = (url: string) => new URL(url).searchParams.get('token') ?? ''

// --- the people -------------------------------------------------------------------------------------------------

/** What the two have seen. */
export type Seen = { ada: string[]; ben: string[]; terminal: string; askedBen: string; whoAnswered: string }

/** Ada gives work, Ben answers what the agent asks, and both look at the same session. */
export async function workTogether(url: string, say: (line: string) => void): Promise<Seen> {
  const [ada, ben] = people.map((token) => createSessionsClient({ baseUrl: url, token, WebSocket })) as [
    SessionsClient,
    SessionsClient,
  ]
  try {
    const { id } = await ada.createSession({ agentTemplateId: 'demo' })
    const adas = ada.session(id)
    const bens = ben.session(id)
    say(`The agent is ready: ${id}`)

    await adas.prompt('write notes.md Bread, salt, a map.')
    await until(bens, () => turns(bens) === 1)
    say('It wrote a file; Ben saw it happen.')

    const asking = adas.prompt('ask')
    await until(bens, () => bens.getState().pendingPermissions.length === 1)
    const [question] = bens.getState().pendingPermissions
    const allow = question!.options.find(({ kind }) => kind === 'allow_once')!
    await bens.respond(question!.requestId, { optionId: allow.optionId })
    await asking
    await until(adas, () => turns(adas) === 2)
    const [answered] = await ada.fetchPermissions(id)
    say(`It asked, and ${answered!.answeredBy?.id} said: ${allow.name}`)

    const terminal = await readNotes(ada, id)
    say(`A terminal in its directory reads: ${terminal}`)
    await until(bens, () => turns(bens) === 2)
    return {
      ada: linesOf(adas),
      ben: linesOf(bens),
      terminal,
      askedBen: question!.title,
      whoAnswered: answered!.answeredBy?.id ?? '',
    }
  } finally {
    ada.close()
    ben.close()
  }
}

/** Opens a shell where the agent works and reads its file there. */
async function readNotes(client: SessionsClient, sessionId: string): Promise<string> {
  const terminals = client.terminals()
  const terminal = await terminals.create({ sessionId })
  const read = new Promise<string>((resolve) => {
    let output = ''
    terminals.onOutput(terminal, (text) => {
      output += text
      // The line that was typed is echoed first: it holds the command, and not yet what that says.
      const said = [...output.matchAll(/<<([^$]*?)>>/g)].at(-1)?.[1]
      if (said !== undefined) resolve(said)
    })
  })
  terminals.input(terminal, 'echo "<<$(cat notes.md)>>"\n')
  const text = await read
  terminals.kill(terminal)
  return text
}

const turns = (session: LiveSession) =>
  session.getState().timeline.filter(({ kind }) => kind === 'turn').length

function linesOf(session: LiveSession): string[] {
  return session.getState().timeline.flatMap((item) => {
    if (item.kind === 'prompt') return [`prompt: ${item.text}`]
    if (item.kind === 'message') return [`agent: ${item.text.trim()}`]
    if (item.kind === 'permission') return [`${item.state}: ${item.title}`]
    return item.kind === 'turn' ? [`turn: ${item.stopReason}`] : []
  })
}

function until(session: LiveSession, isTrue: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = session.subscribe(look)
    function look() {
      if (!isTrue()) return
      stop?.()
      resolve()
    }
    queueMicrotask(look)
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { url, stop } = await startBox()
  try {
    await workTogether(url, (line) => console.info(line))
  } finally {
    await stop()
  }
}
