import { expect, it } from 'vitest'
import type { TemplateRow } from '../port.js'
import { type Bench, odd, start, templateOf } from './fixtures.js'

const ids = (rows: readonly TemplateRow[]) => rows.map(({ id }) => id)
const managed = (id: string, managedPosition: number) => templateOf(id, { managedPosition })

/** Cases of agent templates. */
export function templateCases(bench: Bench): void {
  const put = (...rows: TemplateRow[]) =>
    bench.commit(...rows.map((row) => bench.store.templates.insert(row)))

  it('answers a template exactly as it was inserted', async () => {
    const row = templateOf('t1', {
      name: odd,
      spawn: { command: odd, args: [odd] },
      runtime: { provider: 'local', setup: odd, env: { A: odd }, image: 'i', dockerfile: 'd' },
      env: { B: odd },
    })
    await put(row, templateOf('t2'))

    expect(await bench.store.templates.find('t1')).toEqual(row)
    expect(await bench.store.templates.find('t2')).toEqual(templateOf('t2'))
    expect(await bench.store.templates.find('t9')).toBeUndefined()
    expect(await bench.store.templates.find(odd)).toBeUndefined()
    expect(await bench.outcome(bench.store.templates.insert(templateOf('t1')))).toBe('refused')
  })

  it('changes what is named', async () => {
    const { templates } = bench.store
    await put(templateOf('t1', { env: { A: '1' } }))

    await bench.commit(templates.change('t1', { name: 'New', runtime: { provider: 'docker' } }))
    expect(await templates.find('t1')).toEqual(
      templateOf('t1', { name: 'New', runtime: { provider: 'docker' }, env: { A: '1' } }),
    )
    const rest = { spawn: { command: 'x', args: [] }, env: null }
    await bench.commit(templates.change('t1', rest))
    expect(await templates.find('t1')).toMatchObject(rest)
    expect(await bench.outcome(templates.change('t1', {}))).toBe('committed')
    expect(await bench.outcome(templates.change('t9', { name: 'x' }))).toBe('refused')
  })

  it('removes only what users registered', async () => {
    const { templates } = bench.store
    await put(templateOf('t1'), managed('m1', 0))

    expect(await bench.outcome(templates.remove('t1'))).toBe('committed')
    expect(await bench.outcome(templates.remove('t1'))).toBe('refused')
    expect(await bench.outcome(templates.remove('m1'))).toBe('refused')
    expect(ids(await templates.list())).toEqual(['m1'])
  })

  it('seeds in order, forgets managed ones that are not listed, keeps those of users', async () => {
    const { templates } = bench.store
    await put(templateOf('b', { createdAt: start + 1 }), templateOf('c'), templateOf('B'))
    await bench.commit(...templates.seed([managed('z', 0), managed('y', 1), managed('x', 2)]))
    expect(ids(await templates.list())).toEqual(['z', 'y', 'x', 'B', 'c', 'b'])

    const renamed = { ...managed('x', 0), name: 'Renamed', createdAt: start + 9 }
    await bench.commit(...templates.seed([renamed, managed('new', 1)]))
    expect(ids(await templates.list())).toEqual(['x', 'new', 'B', 'c', 'b'])
    expect(await templates.find('x')).toEqual({ ...renamed, createdAt: start })

    await bench.commit(...templates.seed([]))
    expect(ids(await templates.list())).toEqual(['B', 'c', 'b'])
  })
}
