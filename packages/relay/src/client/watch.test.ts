import { expect, test } from 'vitest'
import { createRelayClient } from './index.js'
import type { RelayClientOptions, RelayNews } from './types.js'

/** A client whose stream is these pieces, and what it asked for. */
function following(pieces: readonly string[], options: RelayClientOptions = {}, status = 200) {
  const asked: { url: string; init: RequestInit }[] = []
  const encoder = new TextEncoder()
  const client = createRelayClient({
    baseUrl: 'https://parley.example/',
    fetch: async (url, init = {}) => {
      asked.push({ url: String(url), init })
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (const piece of pieces) controller.enqueue(encoder.encode(piece))
          controller.close()
        },
      })
      return new Response(body, { status })
    },
    ...options,
  })
  return { client, asked }
}

async function heard(news: AsyncIterable<RelayNews>) {
  const all: RelayNews[] = []
  const error = await (async () => {
    for await (const one of news) all.push(one)
  })().catch((failure: unknown) => failure)
  return { all, error }
}

const { signal } = new AbortController()

test('news are read, however they are cut; comments and what nobody knows are passed over', async () => {
  const { client } = following([
    'event: ready\ndata: {}\n\n: \n\nevent: re',
    'lay\ndata: {"kind":"changes"}\n',
    '\nevent: relay\ndata: {"kind":"later"}\n\nevent: other\ndata: {"kind":"sim"}\n\n',
    'event: relay\ndata: nothing\n\nevent: relay\ndata: null\n\nevent: relay\ndata: {"kind":"sim"}\n\n',
  ])

  const { all, error } = await heard(client.watch({ signal }))

  expect(all).toEqual(['ready', 'changes', 'sim'])
  // Whoever follows has to begin again: nothing is told later.
  expect(error).toMatchObject({ name: 'RelayClientError', code: 'network' })
})

test('it is asked like everything else: with the bearer, or the cookie, and within a tenant', async () => {
  const withKey = following([], { token: async () => 'key' })
  await heard(withKey.client.watch({ tenant: 'a&b', signal }))
  const withCookie = following([], { token: undefined })
  await heard(withCookie.client.watch({ signal }))

  expect(withKey.asked[0]).toMatchObject({
    url: 'https://parley.example/parley/v1/relay/stream?tenant=a%26b',
    init: { headers: { Authorization: 'Bearer key' }, credentials: 'same-origin', redirect: 'error' },
  })
  expect(withCookie.asked[0]).toMatchObject({
    url: 'https://parley.example/parley/v1/relay/stream',
    init: { credentials: 'include' },
  })
})

test('a refusal is the server’s', async () => {
  const { client } = following(['{"code":"kernel.forbidden","message":"no"}'], {}, 403)

  expect((await heard(client.watch({ signal }))).error).toMatchObject({
    code: 'kernel.forbidden',
    status: 403,
    message: 'no',
  })
})

test('what is no stream of events is not read for ever', async () => {
  const { client } = following(Array(20).fill('x'.repeat(10_000)))

  expect((await heard(client.watch({ signal }))).error).toMatchObject({ code: 'invalid_response' })
})

test('it ends without an error when it is ended', async () => {
  const ending = new AbortController()
  const { client } = following([], {
    fetch: (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new Error('aborted')))
      }),
  })
  const listening = heard(client.watch({ signal: ending.signal }))

  ending.abort()

  expect(await listening).toEqual({ all: [], error: undefined })
})
