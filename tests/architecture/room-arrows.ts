import { isBuiltin } from 'node:module'
import type { Import } from './imports.js'
import { isTest } from './package-arrows.js'

// Which room of a plane may import which: `http`, `socket` → `service` → `store/port` → kernel; `client` → `protocol`.

type Arrows = {
  /** Folders and files of the same plane, without endings. */
  rooms: string[]
  /** Folders of the kernel; without the key, all of them. */
  kernel?: string[]
  /** True for rooms that run in a browser as well. */
  anywhere?: boolean
}

// Files beside the rooms that hold only names and numbers.
const catalogue = ['errors', 'close-codes', 'version']
const pure = ['ids', 'errors', 'wire', 'edge']
const inside = [
  'ids',
  'errors',
  'wire',
  'principal',
  'db',
  'log',
  'bus',
  'leases',
  'limits',
  'origin',
  'telemetry',
  'ground',
  'grants',
  'decisions',
  'delivery',
]
const rules: Arrows = {
  rooms: [
    'service',
    'protocol',
    'store/port',
    'store/webhooks/port',
    'runtimes/port',
    'platforms/port',
    'platforms/sim-port',
    'verify',
    ...catalogue,
  ],
  kernel: inside,
}

const arrows: Record<string, Arrows> = {
  protocol: { rooms: ['protocol', ...catalogue], kernel: pure, anywhere: true },
  client: { rooms: ['client', 'protocol', ...catalogue], kernel: pure, anywhere: true },
  service: rules,
  store: { rooms: ['store', 'protocol', ...catalogue], kernel: [...inside, 'conformance'] },
  http: { rooms: ['http', 'service', 'protocol', ...catalogue] },
  socket: { rooms: ['socket', 'service', 'protocol', ...catalogue] },
  adapters: { rooms: ['adapters', 'index', 'create', ...catalogue] },
  // Rooms that only one plane has: sessions' and relay's. A host knows nothing of the server but the wire between them.
  host: { rooms: ['host', 'protocol', ...catalogue] },
  runtimes: { rooms: ['runtimes', 'protocol', 'service/port', 'store/port', ...catalogue] },
  'demo-agent': { rooms: ['demo-agent', 'protocol'] },
  platforms: { rooms: ['platforms', 'protocol', ...catalogue] },
  gateway: { rooms: ['gateway', 'protocol', ...catalogue], kernel: pure },
}

const planeFile = /^packages\/(handshake|threads|sessions|relay)\/src\/(.+)\.tsx?$/
const kernelFile = /^packages\/kernel\/src\/([^/]+)\//

/** Imports inside a plane, and from a plane into the kernel, that point against the arrows, as sentences. */
export function roomViolations(imports: readonly Import[]): string[] {
  return imports.filter((one) => !isTest(one.from)).flatMap((one) => [...problemsOf(one)])
}

function* problemsOf({ from, to }: Import): Generator<string> {
  const place = planeFile.exec(from)?.[2]
  // Files beside the rooms (index.ts, errors.ts, …) put the rooms together.
  if (!place?.includes('/')) return
  const room = place.slice(0, place.indexOf('/'))
  const allowed = arrows[room]
  if (!allowed)
    yield `${from}: ${room} is a room without arrows; give it some in tests/architecture/room-arrows.ts`
  else if (!isAllowed(allowed, room, to)) yield `${from} must not import ${to}`
}

function isAllowed({ rooms, kernel, anywhere }: Arrows, room: string, to: string): boolean {
  if (anywhere && isBuiltin(to)) return false
  const sameplane = planeFile.exec(to)?.[2]
  if (sameplane)
    return [room, ...rooms].some((name) => sameplane === name || sameplane.startsWith(`${name}/`))
  const kernelRoom = kernelFile.exec(to)?.[1]
  return kernelRoom === undefined || kernel === undefined || kernel.includes(kernelRoom)
}
