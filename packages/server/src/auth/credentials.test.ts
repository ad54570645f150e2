import { type FakeClock, fakeClock, testGrounds } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { allMigrations } from '../ground.js'
import { credentialStream } from './credential-events.js'
import { Credentials } from './credentials.js'
import { command } from './principals.js'

const day = 86_400_000

for (const { name, open } of await testGrounds())
  describe(`credentials on ${name}`, () => {
    async function credentialsOf(clock: FakeClock = fakeClock()) {
      const { ground, close } = await open({ clock })
      onTestFinished(close)
      await ground.db.migrate(allMigrations)
      return { ground, clock, credentials: new Credentials(ground) }
    }

    it('lets one of two browsers in that use a link at the same time', async () => {
      const { credentials } = await credentialsOf()
      const code = await credentials.createOwnerLink(command)

      const results = await Promise.allSettled([credentials.signIn(code), credentials.signIn(code)])

      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      await expect(credentials.signIn(code)).rejects.toMatchObject({ code: 'server.link_used' })
    })

    it('refuses a link nobody made, and one that is a day old', async () => {
      const { credentials, clock } = await credentialsOf()
      const code = await credentials.createOwnerLink(command)
      await clock.advance(day)

      await expect(credentials.signIn('made-up')).rejects.toMatchObject({ code: 'server.link_unknown' })
      await expect(credentials.signIn(code)).rejects.toMatchObject({ code: 'server.link_unknown' })
    })

    it('leaves an event for each change and each refusal, without a secret', async () => {
      const { credentials, ground } = await credentialsOf()
      const code = await credentials.createOwnerLink(command)
      const token = await credentials.signIn(code)
      await expect(credentials.signIn(code)).rejects.toThrow()
      await credentials.signOut(token)
      const { id, key } = await credentials.createKey(command, 'ci', ['*'])
      await credentials.revokeKey(command, id)

      const { events } = await ground.log.read(credentialStream, { after: 0 })

      expect(events.map(({ type, actor }) => `${actor.id} ${type}`)).toEqual([
        'command owner_link.created',
        'owner browser.signed_in',
        'unknown sign_in.refused',
        'owner browser.signed_out',
        'command key.created',
        'command key.revoked',
      ])
      for (const secret of [code, token, key]) expect(JSON.stringify(events)).not.toContain(secret)
    })

    it('gives no key more than its giver has', async () => {
      const { credentials } = await credentialsOf()
      const who = { ...command, scopes: ['keys:write', 'handshake:*'] }

      await expect(credentials.createKey(who, 'wide', ['*'])).rejects.toMatchObject({
        code: 'server.scope_too_wide',
      })
      await expect(credentials.createKey(who, 'fine', ['handshake:read'])).resolves.toMatchObject({
        name: 'fine',
      })
    })

    it('keeps no secret in plain', async () => {
      const { credentials, ground } = await credentialsOf()
      const code = await credentials.createOwnerLink(command)
      const token = await credentials.signIn(await credentials.createOwnerLink(command))
      const { key } = await credentials.createKey(command, 'ci', ['*'])

      const db = ground.db.tables<Record<string, Record<string, unknown>>>()
      const rows = await Promise.all(
        ['owner_links', 'browser_sessions', 'api_keys'].map((table) =>
          db.selectFrom(table).selectAll().execute(),
        ),
      )

      expect(rows.map(({ length }) => length)).toEqual([2, 1, 1])
      for (const secret of [code, token, key]) expect(JSON.stringify(rows)).not.toContain(secret)
    })

    it('lists keys without their secrets, and ends one once', async () => {
      const { credentials } = await credentialsOf()
      const { id, key } = await credentials.createKey(command, 'ci', ['handshake:read'])

      const listed = await credentials.listKeys(command)
      await credentials.revokeKey(command, id)

      expect(listed).toEqual([
        {
          id,
          name: 'ci',
          scopes: ['handshake:read'],
          tenant: {},
          createdAt: '2026-01-01T00:00:00.000Z',
          lastUsedAt: null,
        },
      ])
      expect(JSON.stringify(listed)).not.toContain(key)
      expect(await credentials.listKeys(command)).toEqual([])
      await expect(credentials.revokeKey(command, id)).rejects.toMatchObject({ code: 'server.key_not_found' })
    })

    it('refuses a misspelt scope', async () => {
      const { credentials } = await credentialsOf()

      await expect(credentials.createKey(command, 'ci', ['handshake:raed'])).rejects.toMatchObject({
        code: 'server.unknown_scope',
      })
    })
  })
