// A Redis as seen through a line that a test may bend.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export type RedisProxy = {
  url: string
  /** Open connections of clients. */
  sockets(): number
  /** Breaks every connection. */
  cut(): void
  /** Nothing passes on the connections of now; they stay open. */
  stall(): void
  close(): Promise<void>
}

/** What becomes of something a client sends: it passes, perhaps changed, or the proxy answers it. */
export type Bend = (sent: string) => { pass: string } | { answer: string }

/** Stands before the Redis of `url`. */
export async function redisProxy(url: string, bend?: Bend): Promise<RedisProxy> {
  const { hostname, port } = new URL(url)
  const clients = new Set<Socket>()
  const stalled = new Set<Socket>()
  const server = createServer((client) => {
    const redis = connect(Number(port || 6379), hostname)
    clients.add(client)
    client.on('data', (bytes) => {
      if (stalled.has(client)) return
      if (!bend) return void redis.write(bytes)
      const bent = bend(bytes.toString('latin1'))
      if ('pass' in bent) redis.write(bent.pass, 'latin1')
      else client.write(bent.answer)
    })
    redis.on('data', (bytes) => void (stalled.has(client) || client.write(bytes)))
    client.on('error', () => {})
    redis.on('error', () => {})
    client.on('close', () => {
      clients.delete(client)
      redis.destroy()
    })
    redis.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    for (const client of clients) client.destroy()
  }
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets: () => clients.size,
    cut,
    stall() {
      for (const client of clients) stalled.add(client)
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        cut()
      }),
  }
}

/** As `redisProxy`; it is closed with the test. */
export async function testProxy(url: string, bend?: Bend): Promise<RedisProxy> {
  const proxy = await redisProxy(url, bend)
  onTestFinished(() => proxy.close())
  return proxy
}

/** Like a server of before Redis 7: it knows no sharded channels. */
export const withoutSharding: Bend = (sent) => ({
  pass: sent.replace(/\r\n(s)(subscribe|publish)\r\n/g, '\r\nx$2\r\n'),
})
