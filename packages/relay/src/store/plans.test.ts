import type { Database, Op } from '@parley/kernel/db'
import type { Ground } from '@parley/kernel/ground'
import { type OpenedTestGround, testGrounds } from '@parley/testkit'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { relayMigrations, sqlRelayStore } from './index.js'
import { fromOp, planOf, remembering } from './plans.test.support.js'
import type { RelayStore } from './port.js'
import { start } from './store-cases/fixtures.js'

const key = { tenant: 't7', instanceId: 'i7' }
const bot = { platform: 'p', botId: 'b' }
const person = { platform: 'p', userId: 'u7' }

const questions: Record<string, (store: RelayStore) => Promise<unknown>> = {
  'a gateway': ({ gateways }) => gateways.find('g7'),
  'an instance': ({ instances }) => instances.find(key),
  'several instances': ({ instances }) => instances.findMany([key, { ...key, instanceId: 'i17' }]),
  'what waits for an instance': ({ entries }) => entries.list(key, { after: 0, limit: 50 }),
  'how deep a buffer is': ({ entries }) => entries.depth(key),
  'how much has expired': ({ entries }) => entries.countExpired(start - 1),
  "a person's bindings": ({ links }) => links.ofPerson(person),
  "an instance's bindings": ({ links }) => links.ofInstance(key, 'p'),
  'whether a tenant has bindings': ({ links }) => links.has('t7', 'p'),
  'who owns keys': ({ routing }) => routing.ownersOf('p', ['k7', 'k8']),
  'who has a chat': ({ routing }) => routing.granted({ platform: 'p', scopeId: 's', chatId: 'c7' }),
  'a policy': ({ routing }) => routing.principals(key, 'p'),
  'conversations in a chat': ({ routing }) => routing.conversations(key, bot, 'c7'),
  'a conversation in a chat': ({ routing }) => routing.hasConversation(key, bot, 'c7'),
  'where a session runs': ({ routing }) => routing.sessionRoute('t7', 's7', 0),
  'a capability': ({ vault }) => vault.find('t7', 's7', 'k'),
  'a pressed prompt': ({ prompts }) => prompts.find(bot, 'c7', 'p7', 0),
  'open prompts': ({ prompts }) => prompts.openTexts(bot, 'c7', 0),
  'a receipt': ({ receipts }) => receipts.find('r7'),
  'the newest receipts': ({ receipts }) =>
    receipts.list({ tenant: 't7', before: { createdAt: start, id: 'r' }, limit: 50 }),
  'parked receipts': ({ receipts }) => receipts.list({ state: 'parked', limit: 50 }),
  'a file': ({ media }) => media.find('m7', 't7', 0),
}

const statements: Record<string, (store: RelayStore) => Op[]> = {
  'an appended entry': ({ entries }) => entries.append({ ...key, ...draft }),
  'a trimmed buffer': ({ entries }) => entries.trim(key, { entries: 1_000, bytes: 1_000_000 }),
  'a settled entry': ({ entries }) => [entries.settle(key, 'e7')],
  'a delivered entry': ({ entries }) => [entries.delivered(key, ['e7'])],
  'delivered entries': ({ entries }) => [entries.delivered(key, ['e7', 'e17'])],
  'a moved instance': ({ instances }) => [
    instances.move(key, { epoch: 0 }, { state: 'live', node: 'n', epoch: 1, liveUntil: 1 }),
  ],
  'a beat': ({ instances }) => [instances.beat('n7', 1)],
  'a farewell': ({ instances }) => [instances.leave('n7')],
  'a removed instance': ({ instances }) => instances.remove(key),
  'a person who is bound': ({ links }) => links.bind({ ...key, ...person, linkedAt: 1, dmDefaultAt: null }),
  'gateways that were seen': ({ gateways }) => [gateways.seen(['g7', 'g8'], 1)],
  'a changed receipt': ({ receipts }) => [receipts.change('r7', { state: 'sent' }, ['queued'])],
  'a confirmed receipt': ({ receipts }) => [receipts.confirm(bot, 'c7', 'm7', 1)],
  'what is purged': ({ vault, prompts, routing, receipts, links, gateways }) => [
    vault.purge(1),
    prompts.purge(1),
    links.purgeCodes(1),
    gateways.purgeEnrolments(1),
    gateways.purgeRevoked(1),
    routing.purgeConversations(1),
    routing.purgeSessionRoutes(1),
    receipts.purge(['sent'], 1),
  ],
}
const draft = { bufferId: 'new', kind: 'inbound' as const, bytes: 1, createdAt: 1, expiresAt: 2 }

/** Enough of everything that reading all of it costs more than an index: 2,000 instances, 20,000 of each thing. */
async function fill({ db, log }: Ground): Promise<void> {
  const n = (most: number) =>
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${most})`
  const owner = "'t' || (i % 100), 'i' || (i % 2000)"
  const texts = [
    `insert into relay_instances (tenant, instance_id, stream, state, node, epoch, appended, appended_bytes, floor, trimmed,
       dropped, created_at)
     ${n(2_000)} select ${owner}, 's', 'live', 'n' || (i % 50), 0, 20, 200, 0, 1, 0, 1 from n`,
    `insert into relay_gateways (gateway_id, tenant, instance_id, primary_sealed, secrets, created_at)
     ${n(20_000)} select 'g' || i, ${owner}, '', '[]', 1 from n`,
    `insert into relay_entries (tenant, instance_id, position, buffer_id, kind, bytes, bytes_end, created_at, expires_at,
       deliveries)
     ${n(20_000)} select ${owner}, i, 'e' || i, 'inbound', 10, i * 10, 1, ${start} + i, 0 from n`,
    `insert into relay_bindings (tenant, instance_id, platform, user_id, linked_at)
     ${n(20_000)} select ${owner}, 'p', 'u' || i, 1 from n`,
    `insert into relay_route_keys (platform, key, tenant, at) ${n(20_000)} select 'p', 'k' || i, 't' || (i % 100), 1 from n`,
    `insert into relay_grants (platform, scope_id, chat_id, tenant, instance_id, created_at)
     ${n(20_000)} select 'p', 's', 'c' || i, ${owner}, 1 from n`,
    `insert into relay_policies (tenant, instance_id, platform) ${n(2_000)} select ${owner}, 'p' from n`,
    `insert into relay_conversations (tenant, instance_id, platform, bot_id, chat_id, user_id, chat_type, session_key,
       last_seen_at)
     ${n(20_000)} select ${owner}, 'p', 'b', 'c' || i, 'u' || (i % 500), 'dm', 's', ${start} + i from n`,
    `insert into relay_session_routes (tenant, session_key, instance_id, chat_id, last_seen_at)
     ${n(20_000)} select 't' || (i % 100), 's' || i, 'i' || (i % 2000), 'c', ${start} + i from n`,
    `insert into relay_vault (tenant, session_key, kind, instance_id, platform, bot_id, sealed, expires_at, uses)
     ${n(20_000)} select 't' || (i % 100), 's' || i, 'k', 'i' || (i % 2000), 'p', 'b', '', ${start} + i, 0 from n`,
    `insert into relay_prompts (platform, bot_id, chat_id, prompt_id, tenant, instance_id, options, rung, created_at, expires_at)
     ${n(20_000)} select 'p', 'b', 'c' || i, 'p' || i, ${owner}, '[]', 'text', 1, ${start} + i from n`,
    `insert into relay_receipts (id, tenant, instance_id, platform, bot_id, chat_id, message_id, gateway_id, request_id, op,
       action, state, attempts, created_at, updated_at)
     ${n(20_000)} select 'r' || i, ${owner}, 'p', 'b', 'c' || i, 'm' || i, 'g', 'q', 'send', '{}',
       case when i % 100 = 0 then 'parked' else 'sent' end, 1, ${start} + i, ${start} + i from n`,
    `insert into relay_media (id, mime, size, filename, created_at, expires_at)
     ${n(20_000)} select 'm' || i, 'a/b', 1, 'f', 1, ${start} + i from n`,
    `insert into relay_media_tenants (tenant, media_id) ${n(20_000)} select 't' || (i % 100), 'm' || i from n`,
    `insert into relay_link_codes (hash, tenant, instance_id, platform, expires_at)
     ${n(20_000)} select 'h' || i, ${owner}, 'p', ${start} + i from n`,
    `insert into relay_enrolments (hash, tenant, created_at, expires_at)
     ${n(20_000)} select 'h' || i, 't', 1, ${start} + i from n`,
  ]
  // Postgres counts by itself after a while; SQLite plans without having counted.
  if (db.engine === 'postgres') texts.push('analyze')
  const result = await log.commit({ ops: texts.map((text) => ({ sql: text, params: [] })), appends: [] })
  expect(result.outcome).toBe('committed')
}

// A file is planned like memory.
const grounds = (await testGrounds()).filter(({ name }) => name !== 'SQLite file')

for (const { name, open } of grounds)
  describe(`On ${name}`, () => {
    let opened: OpenedTestGround
    let db: Database
    beforeAll(async () => {
      opened = await open()
      db = opened.ground.db
      await db.migrate([relayMigrations])
      await fill(opened.ground)
    })
    afterAll(() => opened.close())

    it.each(Object.entries(questions))('keys of an index find %s', async (_, ask) => {
      const remembered = remembering(db)
      await ask(sqlRelayStore(remembered.db))

      const plans = await Promise.all(remembered.queries.map((query) => planOf(db, query)))
      expect(plans.flat()).not.toEqual([])
      expect(plans.flat().filter(({ isKeyed }) => !isKeyed)).toEqual([])
    })

    it.each(Object.entries(statements))('keys of an index find what %s concerns', async (_, make) => {
      const plans = await Promise.all(make(sqlRelayStore(db)).map((op) => planOf(db, fromOp(op))))

      expect(plans.flat()).not.toEqual([])
      expect(plans.flat().filter(({ isKeyed }) => !isKeyed)).toEqual([])
    })

    it('finds an entry by its own id, not by looking through its buffer', async () => {
      const { entries } = sqlRelayStore(db)
      for (const op of [
        entries.settle(key, 'e7'),
        entries.delivered(key, ['e7']),
        entries.delivered(key, ['e7', 'e17']),
      ]) {
        const text = JSON.stringify(await db.read(explained(db, op)))
        expect(text).toContain('relay_entries_ids')
      }
    })

    it('finds conversations by their chat, not by going through all of the tenant', async () => {
      const remembered = remembering(db)
      const { routing } = sqlRelayStore(remembered.db)
      await routing.conversations(key, bot, 'c7')
      await routing.hasConversation(key, bot, 'c7')

      expect(remembered.queries).toHaveLength(2)
      for (const query of remembered.queries) {
        const explain = db.engine === 'postgres' ? 'explain (format json)' : 'explain query plan'
        const plan = await db.read({ ...query, sql: `${explain} ${query.sql}` })
        expect(JSON.stringify(plan)).toMatch(/chat_id\s*=/)
      }
    })

    it('tells a query that reads everything', async () => {
      const query = sql`select * from relay_instances where stream = 'x'`.compile(db.tables())

      expect(await planOf(db, query)).toMatchObject([{ table: 'relay_instances', isKeyed: false }])
    })
  })

const explained = (db: Database, op: Op) => {
  const query = fromOp(op)
  const explain = db.engine === 'postgres' ? 'explain (format json)' : 'explain query plan'
  return { ...query, sql: `${explain} ${query.sql}` }
}
