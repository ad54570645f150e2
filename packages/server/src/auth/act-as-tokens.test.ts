import { toOp } from '@parley/kernel/db'
import { fakeClock, testGrounds } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { allMigrations } from '../ground.js'
import { someone } from '../threads.test.support.js'
import { ActAsTokens } from './act-as-tokens.js'
import { credentialStream } from './credential-events.js'
import { Credentials } from './credentials.js'
import { command, owner } from './principals.js'
import type { TokenRow } from './token-store.js'

const orgA = { org: 'A' }
const backend = { ...command, id: 'key_1', tenant: orgA, scopes: ['threads:act-as'] }

for (const { name, open } of await testGrounds())
  describe(`act-as tokens on ${name}`, () => {
    async function tokensOf() {
      const clock = fakeClock()
      const { ground, close } = await open({ clock })
      onTestFinished(close)
      await ground.db.migrate(allMigrations)
      const rows = () =>
        ground.db.tables<{ act_as_tokens: TokenRow }>().selectFrom('act_as_tokens').selectAll().execute()
      return { ground, clock, tokens: new ActAsTokens(ground), rows }
    }

    it('say who they act as until they expire, and are swept then', async () => {
      const { clock, tokens, rows } = await tokensOf()
      const made = await tokens.create(command, someone('u_1'), 60)

      expect(made).toMatchObject({ identity: someone('u_1'), expires_at: '2026-01-01T00:01:00.000Z' })
      // 192 bits in base64url.
      expect(made.token).toMatch(/^pt_[\w-]{32}$/)
      await clock.advance(59_999)
      expect(await tokens.find(made.token)).toEqual(someone('u_1'))
      await clock.advance(1)
      expect(await tokens.find(made.token)).toBeUndefined()

      await tokens.create(command, someone('u_2'), 60)
      expect(await rows()).toHaveLength(1)
    })

    it('end by the identity, all of them, and nobody else’s', async () => {
      const { tokens } = await tokensOf()
      const [a, b] = [
        await tokens.create(command, someone('u_1'), 60),
        await tokens.create(command, someone('u_1'), 60),
      ]
      const other = await tokens.create(command, someone('u_2'), 60)

      expect(await tokens.revoke(command, 'u_1')).toBe(2)
      expect(await tokens.revoke(command, 'u_1')).toBe(0)

      expect(await Promise.all([a, b, other].map(({ token }) => tokens.find(token)))).toEqual([
        undefined,
        undefined,
        someone('u_2'),
      ])
    })

    it('end by the identity, however many they are', async () => {
      const { ground, tokens, rows } = await tokensOf()
      const { token } = await tokens.create(command, someone('u_1'), 60)
      const [row] = await rows()
      const db = ground.db.tables<{ act_as_tokens: TokenRow }>()
      // More than a statement of SQLite takes parameters.
      const ops = Array.from({ length: 33 }, (_, k) => {
        const more = Array.from({ length: 1_000 }, (_, n) => ({ ...row!, token_hash: `${k}.${n}` }))
        return toOp(db.insertInto('act_as_tokens').values(more))
      })
      await ground.log.commit({ ops, appends: [] })

      expect(await tokens.revoke(command, 'u_1')).toBe(33_001)

      expect(await tokens.find(token)).toBeUndefined()
      expect(await rows()).toEqual([])
    })

    it('end with the key that made them', async () => {
      const { ground, tokens } = await tokensOf()
      const credentials = new Credentials(ground)
      const { id } = await credentials.createKey(command, 'backend', ['threads:act-as'])
      const made = await tokens.create({ ...backend, id, tenant: {} }, someone('u_1'), 60)
      const kept = await tokens.create(command, someone('u_1'), 60)

      await credentials.revokeKey(command, id)

      expect(await tokens.find(made.token)).toBeUndefined()
      expect(await tokens.find(kept.token)).toBeDefined()
    })

    it('are given inside the maker’s tenant only, and ended there only', async () => {
      const { tokens } = await tokensOf()
      const inside = await tokens.create(backend, someone('u_1', { org: 'A', ws: 'X' }), 60)
      const outside = await tokens.create(command, someone('u_1', { org: 'B' }), 60)

      for (const tenant of [{}, { org: 'B' }, { ws: 'A' }] as Record<string, string>[])
        await expect(tokens.create(backend, someone('u_1', tenant), 60)).rejects.toMatchObject({
          code: 'server.outside_tenant',
        })
      expect(await tokens.revoke(backend, 'u_1')).toBe(1)
      expect(await tokens.find(inside.token)).toBeUndefined()
      expect(await tokens.find(outside.token)).toBeDefined()
    })

    it('of who the server itself knows are not for a tenant to end', async () => {
      const { tokens } = await tokensOf()
      const { token } = await tokens.create(owner, someone('owner', orgA), 60)

      expect(await tokens.revoke(backend, 'owner')).toBe(0)
      expect(await tokens.find(token)).toBeDefined()
      expect(await tokens.revoke(command, 'owner')).toBe(1)
    })

    it('let everybody act as themselves, in another tenant too', async () => {
      const { tokens } = await tokensOf()

      const { token } = await tokens.create(owner, someone('owner', orgA), 60)

      expect(await tokens.find(token)).toEqual(someone('owner', orgA))
    })

    it('are for people and systems, and never for who the server itself knows', async () => {
      const { tokens } = await tokensOf()

      for (const id of ['owner', 'local-owner', 'unknown', 'parley', 'key_0199'])
        await expect(tokens.create(command, someone(id), 60)).rejects.toMatchObject({
          code: 'server.reserved_identity',
        })
      await expect(
        tokens.create(command, { ...someone('a_1'), role: 'assistant' }, 60),
      ).rejects.toMatchObject({
        code: 'server.assistant_identity',
      })
    })

    it('are kept as hashes, and noted without their secret', async () => {
      const { ground, tokens, rows } = await tokensOf()
      const { token } = await tokens.create(command, someone('u_1'), 60)
      await tokens.revoke(command, 'u_2')
      const kept = JSON.stringify(await rows())
      await tokens.revoke(command, 'u_1')

      const { events } = await ground.log.read(credentialStream, { after: 0 })

      expect(events.map(({ type }) => type)).toEqual(['act_as_token.created', 'act_as_token.revoked'])
      expect(kept).toContain('u_1')
      for (const text of [kept, JSON.stringify(events)]) expect(text).not.toContain(token)
    })
  })
