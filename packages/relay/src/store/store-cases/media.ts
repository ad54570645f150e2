import { expect, it } from 'vitest'
import { type Bench, foreign, odd, ours, sibling, start } from './fixtures.js'

/** Cases of files. */
export function mediaCases(bench: Bench): void {
  const bytes = Uint8Array.from({ length: 600 }, (_, n) => n % 256)
  const fileOf = (id: string, size = 10) => ({
    id,
    mime: 'text/plain',
    size,
    filename: odd,
    createdAt: start,
    expiresAt: start + 10,
  })

  it('keeps a file in pieces, for the tenants that may see it', async () => {
    const { media } = bench.store
    await bench.commit(
      media.insertChunk('m1', 0, bytes, start),
      media.insertChunk('m1', 1, new Uint8Array([7]), start),
    )
    expect(await media.find('m1', ours.tenant, start)).toBeUndefined()
    await bench.commit(media.insert(fileOf('m1', 601), [ours.tenant, 'b', 'b'], ours))

    expect(await media.find('m1', ours.tenant, start)).toEqual(fileOf('m1', 601))
    expect(await media.find('m1', 'b', start + 9)).toBeDefined()
    expect(await media.find('m1', 'b', start + 10)).toBeUndefined()
    expect(await media.find('m1', 'c', start)).toBeUndefined()
    expect(await media.readChunk('m1', 0)).toEqual(bytes)
    expect(await media.readChunk('m1', 1)).toEqual(new Uint8Array([7]))
    expect(await media.readChunk('m1', 2)).toBeUndefined()
    expect(await bench.outcome(media.insert(fileOf('m1'), [], null))).toBe('refused')
    expect(await media.find('m1', ours.tenant, start)).toMatchObject({ size: 601 })
  })

  it('counts the bytes of a tenant, and forgets what an instance has uploaded', async () => {
    const { media } = bench.store
    await bench.commit(
      media.insertChunk('m1', 0, bytes, start),
      media.insert(fileOf('m1', 10), [ours.tenant, 'b'], ours),
      media.insert(fileOf('m2', 5), [ours.tenant], null),
      media.insert(fileOf('m3', 3), [ours.tenant], sibling),
      media.insert(fileOf('m4', 1), [foreign.tenant], foreign),
    )
    expect(await media.kept(ours.tenant)).toBe(18)
    expect(await media.kept('b')).toBe(10)
    expect(await media.kept('c')).toBe(0)

    await bench.commit(media.removeOf(ours))
    expect(await media.kept(ours.tenant)).toBe(8)
    expect(await media.kept('b')).toBe(0)
    expect(await media.readChunk('m1', 0)).toBeUndefined()
    expect(await media.kept(foreign.tenant)).toBe(1)
  })

  it('forgets files past their time, and pieces that were never completed', async () => {
    const { media } = bench.store
    await bench.commit(
      media.insertChunk('old', 0, bytes, start),
      media.insert(fileOf('old'), ['b'], null),
      media.insertChunk('abandoned', 0, bytes, start + 10),
      media.insertChunk('in work', 0, bytes, start + 11),
      media.insertChunk('new', 0, bytes, start),
      media.insert({ ...fileOf('new'), expiresAt: start + 11 }, ['b'], null),
    )
    await bench.commit(media.purge(start + 10, start + 11))

    const left = await Promise.all(['old', 'abandoned', 'in work', 'new'].map((id) => media.readChunk(id, 0)))
    expect(left.map((chunk) => chunk !== undefined)).toEqual([false, false, true, true])
    expect(await media.find('new', 'b', start)).toBeDefined()
    expect(await media.kept('b')).toBe(10)
  })

  it('drops pieces of a file that is not there, and of no other', async () => {
    const { media } = bench.store
    await bench.commit(
      media.insertChunk('m1', 0, bytes, start),
      media.insertChunk('m2', 0, bytes, start),
      media.insertChunk('m3', 0, bytes, start),
      media.insert(fileOf('m2'), ['b'], null),
    )
    await bench.commit(media.dropChunks('m1'), media.dropChunks('m2'))

    const left = await Promise.all(['m1', 'm2', 'm3'].map((id) => media.readChunk(id, 0)))
    expect(left.map((chunk) => chunk !== undefined)).toEqual([false, true, true])
  })
}
