import type { TestServer } from './server.test.support.js'

export const root = '/parley/v1/relay'
export const bot = { platform: 'telegram', botId: '7000000001' }

/** Adds a simulated Telegram bot that every tenant may use. */
export async function addBot(server: TestServer, members: object = {}): Promise<void> {
  await server.call(`${root}/bots`, { body: { driver: 'sim', ...bot, ...members } })
}

/** A key of a tenant. */
export async function keyOf(server: TestServer, tenant: object, ...scopes: string[]): Promise<string> {
  const { body } = await server.call('/parley/v1/keys', { body: { name: 'k', scopes, tenant } })
  return String(body.key)
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers as clients do.
export type Wire = any
