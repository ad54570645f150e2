import type { TerminalSignal } from '../../protocol/index.js'
import { answeringRefusals, HostError } from '../errors.js'
import type { HostCall, HostHandler, HostRoute } from '../port.js'
import { createBody, inputBody, resizeBody } from './requests.js'
import type { RuntimeTerminal } from './runtime-terminal.js'
import type { TerminalRegistry } from './runtime-terminals.js'

/** JSON of one answer with events: it must fit into a frame of the link. */
const maxEventBytes = 640 * 1024

/** Routes of the terminals that clients open (section 4; POST and DELETE are ours). */
export function terminalRoutes(registry: TerminalRegistry): HostRoute[] {
  const find = ({ params }: HostCall) => registry.find(params.tid ?? '')
  const routes: [string, string, HostHandler][] = [
    ['GET', '/terminals', () => ok({ terminals: registry.list().map(listed) })],
    // Before `/terminals/:tid`, which would take it for an id.
    ['GET', '/terminals/events', ({ query }) => ok(eventsAfter(registry, query?.since))],
    ['GET', '/terminals/:tid', (call) => ok(shown(find(call)))],
    ['POST', '/terminals', async ({ body }) => created(await registry.create(createBody(body)))],
    ['POST', '/terminals/:tid/input', (call) => input(find(call), inputBody(call.body))],
    ['POST', '/terminals/:tid/resize', (call) => resize(find(call), call.body)],
    ['DELETE', '/terminals/:tid', ({ params }) => kill(registry, params.tid ?? '')],
  ]
  return routes.map(([method, pattern, handler]) => [method, pattern, answeringRefusals(handler)])
}

const ok = (body: unknown) => ({ status: 200, body })
const created = (terminal: RuntimeTerminal) => ({ status: 201, body: listed(terminal) })

function listed({ id, command, exitCode }: RuntimeTerminal) {
  return { terminalId: id, command, ...(exitCode !== undefined && { exitCode }) }
}

function shown({ id, ring }: RuntimeTerminal) {
  const texts = ring.after(0).map(({ event }) => (event.type === 'terminal.data' ? event.data.data : ''))
  return { terminalId: id, output: texts.join(''), truncated: ring.cutSeq > 0 }
}

function input(terminal: RuntimeTerminal, data: string) {
  if (terminal.exitCode !== undefined) throw new HostError(409, 'Terminal has ended')
  if (!terminal.write(data)) throw new HostError(409, 'Terminal does not read its input')
  return ok({ ok: true })
}

function resize(terminal: RuntimeTerminal, body: unknown) {
  const { cols, rows } = resizeBody(body)
  terminal.resize(cols, rows)
  return ok({ ok: true })
}

function kill(registry: TerminalRegistry, id: string) {
  registry.kill(id)
  return ok({ ok: true })
}

/** `more`: ask again with the last number of the answer. `truncated`: output after `since` is gone, and stands cut short. */
function eventsAfter(registry: TerminalRegistry, since = '0') {
  const after = Number(since)
  if (!Number.isSafeInteger(after) || after < 0) throw new HostError(400, "Invalid 'since'")
  const all = registry.kept(after)
  const events: TerminalSignal[] = []
  let bytes = 0
  for (const signal of all) {
    bytes += Buffer.byteLength(JSON.stringify(signal))
    if (events.length > 0 && bytes > maxEventBytes) break
    events.push(signal)
  }
  const more = events.length < all.length
  return { events, truncated: registry.isCut(after), ...(more && { more }) }
}
