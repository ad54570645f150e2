import { beforeAll, describe, expect, test } from 'vitest'
import { cycles } from './cycles.js'
import { erasedSpecifiersOf, type Import, readImports, specifiersOf } from './imports.js'
import { isTest, packageViolations } from './package-arrows.js'
import { roomViolations } from './room-arrows.js'

let imports: Import[]
beforeAll(() => {
  imports = readImports()
})

describe('imports of this checkout', () => {
  test('are found', () => {
    expect(imports.length).toBeGreaterThan(100)
  })

  test('between packages point along the arrows, and no plane imports a plane', () => {
    expect(packageViolations(imports)).toEqual([])
  })

  test('between the rooms of a plane point along the arrows', () => {
    expect(roomViolations(imports)).toEqual([])
  })

  test('between files make no circle', () => {
    expect(cycles(imports.filter(({ from, isErased }) => !isTest(from) && !isErased))).toEqual([])
  })

  test('between packages make no circle', () => {
    const folder = (path: string) => path.split('/').slice(0, 2).join('/')
    const packages = imports
      .filter(({ from, to }) => !isTest(from) && /^(packages|apps)\//.test(to) && folder(from) !== folder(to))
      .map(({ from, to }) => ({ from: folder(from), to: folder(to) }))

    expect(cycles(packages)).toEqual([])
  })
})

const handshake = (path: string) => `packages/handshake/src/${path}.ts`
const kernel = (path: string) => `packages/kernel/src/${path}.ts`

describe('the rule for packages', () => {
  test.each([
    ['a plane that imports a plane', handshake('service/join'), 'packages/threads/src/index.ts'],
    ['a kernel that knows a plane', kernel('log/log'), handshake('index')],
    ['a kernel that knows the server', kernel('log/log'), 'packages/server/src/index.ts'],
    ['a plane that knows the server', handshake('index'), 'packages/server/src/index.ts'],
    ['a console that imports more than clients', 'apps/console/src/main.tsx', handshake('index')],
    ['a client that takes the log with it', 'packages/client/src/index.ts', kernel('log/index')],
    ['a source that imports the testkit', kernel('log/log'), 'packages/testkit/src/index.ts'],
    ['a package without arrows', 'packages/extra/src/index.ts', kernel('ids/index')],
  ])('refuses %s', (_, from, to) => {
    expect(packageViolations([{ from, to }])).toEqual([`${from} must not import ${to}`])
  })

  test.each([
    ['a plane on the kernel', handshake('service/join'), kernel('log/index')],
    ['a test that uses the testkit', kernel('log/log.test'), 'packages/testkit/src/services/index.ts'],
    ['a server with its planes', 'packages/server/src/compose.ts', handshake('index')],
    ['a console on a client', 'apps/console/src/main.tsx', handshake('client/index')],
    ['a library', handshake('service/join'), 'zod'],
  ])('allows %s', (_, from, to) => {
    expect(packageViolations([{ from, to }])).toEqual([])
  })
})

describe('the rule for rooms', () => {
  test.each([
    ['a service that knows HTTP', handshake('service/join'), handshake('http/routes')],
    ['a service that knows sockets', handshake('service/join'), handshake('socket/channels')],
    ['a service that knows how things are stored', handshake('service/join'), handshake('store/sql')],
    ["a service that uses the kernel's HTTP", handshake('service/join'), kernel('http/index')],
    ['a route that goes past the service', handshake('http/routes'), handshake('store/port')],
    ['a socket that uses a route', handshake('socket/channels'), handshake('http/routes')],
    ['a client that knows the service', handshake('client/index'), handshake('service/index')],
    ['a client that needs Node', handshake('client/index'), 'node:fs'],
    ['a protocol that does I/O', handshake('protocol/index'), 'fs/promises'],
    ['a protocol that needs the log', handshake('protocol/index'), kernel('log/index')],
    ['a store that calls the service', handshake('store/sql'), handshake('service/index')],
  ])('refuses %s', (_, from, to) => {
    expect(roomViolations([{ from, to }])).toEqual([`${from} must not import ${to}`])
  })

  test('refuses a room that nobody gave arrows', () => {
    expect(roomViolations([{ from: handshake('utils/strings'), to: 'zod' }])).toHaveLength(1)
  })

  test.each([
    ['a service on its port', handshake('service/join'), handshake('store/port')],
    ['a service on the log', handshake('service/join'), kernel('log/index')],
    ['a route on the service', handshake('http/routes'), handshake('service/index')],
    ['a client on the protocol', handshake('client/index'), handshake('protocol/index')],
    ['an index that joins all', handshake('index'), handshake('store/sql')],
    ['a test that opens a real store', handshake('service/join.test'), handshake('store/sql')],
  ])('allows %s', (_, from, to) => {
    expect(roomViolations([{ from, to }])).toEqual([])
  })
})

describe('the rule for circles', () => {
  test('finds one over several files, and a file that imports itself', () => {
    const circle = [arrow('a', 'b'), arrow('b', 'c'), arrow('c', 'a'), arrow('d', 'a'), arrow('e', 'e')]

    expect(cycles(circle)).toEqual([['a', 'b', 'c'], ['e']])
  })

  test('is content with two ways to one file', () => {
    expect(cycles([arrow('a', 'b'), arrow('a', 'c'), arrow('b', 'd'), arrow('c', 'd')])).toEqual([])
  })
})

test('every form of import is seen', () => {
  const text = `
    import type { A } from './a.js'
    import './b.js'
    export { c } from './c.js'
    export * from './d.js'
    const e = await import('./e.js')
    type F = import('./f.js').F
    const text = "import './not-this.js'"
  `

  expect(specifiersOf('x.ts', text)).toEqual(['./a.js', './b.js', './c.js', './d.js', './e.js', './f.js'])
})

const arrow = (from: string, to: string): Import => ({ from, to })

test('an import counts as erased when nothing but types come from there', () => {
  const text = `
    import type { A } from './a.js'
    import { type B, b } from './b.js'
    import './c.js'
    export type { D } from './d.js'
    import type { E } from './e.js'
    export { e } from './e.js'`

  expect([...erasedSpecifiersOf('x.ts', text)]).toEqual(['./a.js', './d.js'])
})
