import { testGrounds } from '@parley/testkit'
import { afterEach, expect, it } from 'vitest'
import { limits } from '../../protocol/index.js'
import { closeAll, never, type OpenMedia, openMedia } from './media.test.support.js'

const grounds = await testGrounds()
afterEach(closeAll)

async function chunksOf({ ground }: OpenMedia['deps']): Promise<number> {
  const chunks = ground.db.tables<{ relay_media_chunks: { media_id: string } }>()
  return (await chunks.selectFrom('relay_media_chunks').select('media_id').execute()).length
}

const to = (...tenants: string[]) => ({ tenants, owner: null })
const aFile = (bytes: Uint8Array | AsyncIterable<Uint8Array>, filename = 'a.bin') => ({
  bytes,
  mime: 'image/PNG; charset=x',
  filename,
})

/** `size` bytes that differ, in pieces of an odd size. */
async function* stream(size: number, pieceBytes = 100_003): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; at += pieceBytes)
    yield Uint8Array.from({ length: Math.min(pieceBytes, size - at) }, (_, n) => (at + n) % 251)
}

async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

for (const ground of grounds) {
  // proves: relay.f28
  it(`keeps a file for its tenants, in pieces, for an hour (${ground.name})`, async () => {
    const { media, clock } = await openMedia({}, ground)
    const size = 1_000_001

    const stored = await media.store(aFile(stream(size), 'dir/log.png'), to('a', 'b'))
    const [read, ofB] = [await media.read(stored.id, 'a'), await media.read(stored.id, 'b')]

    expect(stored).toEqual({ id: expect.stringMatching(/^[0-9a-f]{32}$/), size })
    expect(read).toMatchObject({ mime: 'image/png', size, filename: 'log.png' })
    expect((await whole(read!.chunks)).equals(await whole(stream(size, 7_777)))).toBe(true)
    expect(ofB?.size).toBe(size)
    expect(await media.read(stored.id, 'other')).toBeUndefined()
    for (const id of ['0'.repeat(32), '', '../x', `${stored.id}0`, `${stored.id.slice(0, 31)}\0`])
      expect(await media.read(id, 'a')).toBeUndefined()

    await clock.advance(limits.mediaMs)
    expect(await media.read(stored.id, 'a')).toBeUndefined()
  })
}

// proves: relay.f28
it('takes 26214400 bytes and not one more, and leaves nothing of what it refuses', async () => {
  const { media, deps } = await openMedia()
  const most = limits.mediaBytes

  expect((await media.store(aFile(stream(most, 1_000_000)), to('a'))).size).toBe(most)
  let pulled = 0
  const endless = async function* () {
    for (;;) {
      pulled += 1
      yield new Uint8Array(1_048_576)
    }
  }
  await expect(media.store(aFile(endless()), to('b'))).rejects.toMatchObject({
    code: 'relay.media_too_large',
    status: 413,
  })
  await expect(media.store(aFile(stream(most + 1, 1_000_000)), to('b'))).rejects.toMatchObject({
    status: 413,
  })

  expect(pulled).toBe(26)
  expect(await chunksOf(deps)).toBe(100)
})

it('refuses an empty file, and forgets one whose sender went away', async () => {
  const { media, deps } = await openMedia()
  const broken = async function* () {
    yield new Uint8Array(300_000)
    throw new Error('the connection broke')
  }

  await expect(media.store(aFile(new Uint8Array(0)), to('a'))).rejects.toMatchObject({
    code: 'relay.empty_media',
    status: 400,
  })
  await expect(media.store(aFile(broken()), to('a'))).rejects.toThrow('the connection broke')
  expect(await chunksOf(deps)).toBe(0)
})

it('takes so many files of one tenant at once, and more when those are there', async () => {
  const { media } = await openMedia()
  let finish = () => {}
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  async function* slow() {
    yield new Uint8Array(1)
    await finished
  }
  const send = (tenant: string, bytes: AsyncIterable<Uint8Array> | Uint8Array = new Uint8Array(1)) =>
    media.store(aFile(bytes), { tenants: [tenant], owner: { tenant, instanceId: 'i' } })
  const many = Array.from({ length: 32 }, () => send('a', slow()))

  await expect(send('a')).rejects.toMatchObject({ code: 'relay.rate_limited' })
  await send('b')
  finish()
  await Promise.all(many)
  await send('a')
})

it('keeps only so much for a tenant, whoever sends at the same time, and the others are not affected', async () => {
  const { media, deps } = await openMedia({ limits: { mediaBytesPerTenant: 500_000 } })
  const file = () => aFile(stream(300_000))
  const outcome = (tenants: string[]) =>
    media.store(file(), to(...tenants)).then(
      ({ id }) => id,
      (error) => error.code as string,
    )

  const both = await Promise.all([outcome(['a']), outcome(['a'])])
  const shared = await outcome(['a', 'b'])

  expect(both).toContain('relay.media_full')
  expect(await deps.store.media.kept('a')).toBeLessThanOrEqual(500_000)
  expect(await media.read(shared, 'b')).toMatchObject({ size: 300_000 })
  expect(await deps.store.media.kept('b')).toBe(300_000)
})

it('stops a reader whose file is removed, rather than to end early', async () => {
  const { media, deps, clock } = await openMedia()
  const { id } = await media.store(aFile(stream(600_000)), to('a'))
  const read = await media.read(id, 'a')
  const chunks = read!.chunks[Symbol.asyncIterator]()
  await chunks.next()

  await clock.advance(limits.mediaMs + 1)
  await deps.ground.log.commit({ ops: deps.store.media.purge(clock.micros(), clock.micros()), appends: [] })

  await expect(chunks.next()).rejects.toMatchObject({ code: 'relay.not_found' })
})

// proves: relay.f28
it('finds its own files by any reference, and only those of the tenant', async () => {
  const { media } = await openMedia()
  const { id } = await media.store(aFile(stream(10)), to('a'))

  expect(media.urlOf(id)).toBe(`https://c.example/relay/media/${id}`)
  const references = [media.urlOf(id), `/relay/media/${id}`, `http://inside:8080/relay/media/${id}`]
  for (const reference of references)
    expect(await media.fetchSource(reference, 'a', never)).toEqual({
      bytes: new Uint8Array(await whole(stream(10))),
      mime: 'image/png',
      filename: 'a.bin',
    })
  const unknown = [
    [media.urlOf(id), 'b'],
    [`/relay/media/${id}`, 'b'],
    [media.urlOf('0'.repeat(32)), 'a'],
    ['https://c.example/relay/media/..%2f', 'a'],
    ['/etc/passwd', 'a'],
    ['/relay/media/', 'a'],
  ] as const
  for (const [reference, tenant] of unknown)
    await expect(media.fetchSource(reference, tenant, never)).rejects.toMatchObject({
      code: 'relay.not_found',
      message: 'no such media',
    })
})
