import type { Import } from './imports.js'

// Which package may import which (design: planes never import planes; bridges join them; only the server knows all).

const planes = ['handshake', 'threads', 'sessions', 'relay']

/** A whole package, or `package/room` for one of its folders. */
const browserSafe = [
  'kernel/ids',
  'kernel/errors',
  ...planes.flatMap((plane) => [`${plane}/protocol`, `${plane}/client`]),
]

const mayImport: Record<string, string[]> = {
  kernel: [],
  ...Object.fromEntries(planes.map((plane) => [plane, ['kernel']])),
  bridges: ['kernel', ...planes],
  client: browserSafe,
  react: ['client', ...browserSafe],
  console: ['client', 'react', ...browserSafe],
  testkit: ['kernel'],
  server: ['kernel', ...planes, 'bridges', 'client'],
}

/** Imports between packages that point against the arrows, as sentences. */
export function packageViolations(imports: readonly Import[]): string[] {
  return imports.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} must not import ${to}`)
}

function isAllowed({ from, to }: Import): boolean {
  const [importer, imported] = [packageOf(from), packageOf(to)]
  if (!importer || !imported || importer === imported) return true
  if (imported === 'testkit') return isTest(from)
  return (mayImport[importer] ?? []).some((allowed) => covers(allowed, imported, to))
}

function covers(allowed: string, imported: string, path: string): boolean {
  const [name, room] = allowed.split('/')
  return name === imported && (room === undefined || path.includes(`/src/${room}/`))
}

const packageOf = (path: string): string | undefined => /^(?:packages|apps)\/([^/]+)\//.exec(path)?.[1]

/** True for a file that only a test runner loads: a test, or what a test shares with others. */
export const isTest = (path: string): boolean => /\.test(?:\.support)?\.tsx?$/.test(path)
