import { describe, expect, it } from 'vitest'
import { busOf, ConfigError, isLoopback, loadConfig, names } from './load.js'
import { settings } from './schema.js'
import { showConfig } from './show.js'

const postgres = { DATABASE_URL: 'postgres://parley@db/parley' }

/** The problems of a configuration that does not fit. */
function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('loading the configuration', () => {
  it('has defaults for one person on one machine', () => {
    expect(loadConfig({})).toEqual({
      host: '127.0.0.1',
      port: 7420,
      databaseUrl: undefined,
      redisUrl: undefined,
      redisPrefix: 'parley',
      dataDir: '.parley',
      publicUrl: undefined,
      bus: undefined,
      migrate: undefined,
      trustLoopback: false,
      trustedProxies: [],
      allowedOrigins: [],
      allowedHosts: [],
      openCreation: false,
      handshakeTtlSeconds: 1800,
      webhookAddresses: [],
      demoAssistants: true,
      agentsFile: undefined,
      workspaces: [],
      allowSetup: false,
      relayKey: undefined,
      relayAddresses: [],
      relayIssuer: undefined,
      relayAudience: 'parley',
      relayJwksUrl: undefined,
      relayTenantClaim: 'tid',
      logLevel: 'info',
    })
  })

  it('reads every setting from its variable', () => {
    const environment = {
      HOST: '127.0.0.2',
      PORT: '0',
      DATABASE_URL: 'postgres://parley@db/parley',
      REDIS_URL: 'redis://cache',
      PARLEY_REDIS_PREFIX: 'staging',
      PARLEY_DATA_DIR: 'data',
      PARLEY_PUBLIC_URL: 'https://parley.example',
      PARLEY_BUS: 'redis',
      PARLEY_MIGRATE: 'auto',
      PARLEY_TRUST_LOOPBACK: 'true',
      PARLEY_ALLOWED_ORIGINS: 'https://a.example, https://b.example',
      PARLEY_ALLOWED_HOSTS: 'parley.example,,',
      PARLEY_HANDSHAKE_OPEN: '1',
      PARLEY_HANDSHAKE_TTL_SECONDS: '60',
      PARLEY_WEBHOOK_ADDRESSES: '10.0.0.0/8,hooks.internal',
      PARLEY_DEMO_ASSISTANTS: 'false',
      PARLEY_AGENTS: 'agents.json',
      PARLEY_WORKSPACES: '/srv/work, /srv/more',
      PARLEY_ALLOW_SETUP: 'true',
      PARLEY_RELAY_KEY: 'ab'.repeat(32),
      PARLEY_RELAY_ADDRESSES: '10.1.0.0/16',
      PARLEY_RELAY_OIDC_ISSUER: 'https://id.example',
      PARLEY_RELAY_OIDC_AUDIENCE: 'relay',
      PARLEY_RELAY_OIDC_JWKS: 'https://id.example/keys',
      PARLEY_RELAY_OIDC_TENANT: 'org',
      PARLEY_LOG_LEVEL: 'debug',
    }

    expect(loadConfig(environment)).toEqual({
      host: '127.0.0.2',
      port: 0,
      databaseUrl: 'postgres://parley@db/parley',
      redisUrl: 'redis://cache',
      redisPrefix: 'staging',
      dataDir: 'data',
      publicUrl: 'https://parley.example',
      bus: 'redis',
      migrate: 'auto',
      trustLoopback: true,
      trustedProxies: [],
      allowedOrigins: ['https://a.example', 'https://b.example'],
      allowedHosts: ['parley.example'],
      openCreation: true,
      handshakeTtlSeconds: 60,
      webhookAddresses: ['10.0.0.0/8', 'hooks.internal'],
      demoAssistants: false,
      agentsFile: 'agents.json',
      workspaces: ['/srv/work', '/srv/more'],
      allowSetup: true,
      relayKey: 'ab'.repeat(32),
      relayAddresses: ['10.1.0.0/16'],
      relayIssuer: 'https://id.example',
      relayAudience: 'relay',
      relayJwksUrl: 'https://id.example/keys',
      relayTenantClaim: 'org',
      logLevel: 'debug',
    })
    expect(loadConfig({ PARLEY_TRUSTED_PROXIES: '10.0.0.0/8' }).trustedProxies).toEqual(['10.0.0.0/8'])
  })

  it('takes an empty variable as unset, and an override before a variable', () => {
    expect(loadConfig({ PORT: '', HOST: '' })).toMatchObject({ port: 7420, host: '127.0.0.1' })
    expect(loadConfig({ PORT: '1' }, { port: 2 }).port).toBe(2)
  })

  it('tells all problems at once, each with the name of its variable', () => {
    const problems = problemsOf({
      PORT: '99999',
      PARLEY_LOG_LEVEL: 'loud',
      PARLEY_PUBLIC_URL: 'ftp://x',
      PARLEY_TRUST_LOOPBACK: 'maybe',
    })

    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'PORT',
      'PARLEY_PUBLIC_URL',
      'PARLEY_TRUST_LOOPBACK',
      'PARLEY_LOG_LEVEL',
    ])
  })

  it.each([
    ['a Redis beside SQLite', { REDIS_URL: 'redis://x' }, /^REDIS_URL: needs a Postgres/],
    [
      'a Redis beside SQLite in memory',
      { REDIS_URL: 'redis://x', DATABASE_URL: ':memory:' },
      /^REDIS_URL: needs/,
    ],
    [
      'a Redis at another kind of address',
      { ...postgres, REDIS_URL: 'http://x' },
      /^REDIS_URL: must be a redis:/,
    ],
    [
      'a Redis without an address that can be read',
      { ...postgres, REDIS_URL: 'redis://a b' },
      /^REDIS_URL: is no URL/,
    ],
    [
      'a Redis that no bus uses',
      { ...postgres, REDIS_URL: 'redis://x', PARLEY_BUS: 'memory' },
      /^PARLEY_BUS: memory/,
    ],
    [
      'a bus over Redis without its address',
      { ...postgres, PARLEY_BUS: 'redis' },
      /^PARLEY_BUS: redis needs/,
    ],
    ['a prefix that is no word', { PARLEY_REDIS_PREFIX: 'a b' }, /^PARLEY_REDIS_PREFIX: must/],
    ['a database of another kind', { DATABASE_URL: 'mysql://x' }, /DATABASE_URL/],
    ['a bus over Postgres without Postgres', { PARLEY_BUS: 'postgres' }, /PARLEY_BUS/],
    [
      'trust in loopback on every address',
      { HOST: '0.0.0.0', PARLEY_TRUST_LOOPBACK: 'true' },
      /PARLEY_TRUST_LOOPBACK/,
    ],
    [
      'trust in loopback behind a proxy',
      { PARLEY_TRUST_LOOPBACK: 'true', PARLEY_TRUSTED_PROXIES: '127.0.0.1' },
      /PARLEY_TRUST_LOOPBACK/,
    ],
  ])('refuses %s', (_what, environment, problem) => {
    expect(problemsOf(environment as Record<string, string>)).toEqual([expect.stringMatching(problem)])
  })
})

it.each([
  ['alone on SQLite', {}, 'memory'],
  ['over Postgres on Postgres', postgres, 'postgres'],
  ['over Redis when there is one', { ...postgres, REDIS_URL: 'rediss://x' }, 'redis'],
  ['as it is told', { ...postgres, PARLEY_BUS: 'memory' }, 'memory'],
])('a server talks %s', (_what, environment, bus) => {
  expect(busOf(loadConfig(environment))).toBe(bus)
})

describe('showing the configuration', () => {
  const shown = (environment: Record<string, string>) =>
    Object.fromEntries(showConfig(loadConfig(environment)).map(({ env, value }) => [env, value]))

  it('has a row for each setting, with a sentence', () => {
    const rows = showConfig(loadConfig({}))

    expect(rows.map(({ env }) => env)).toEqual(names().map((name) => settings[name].env))
    expect(rows.every(({ about }) => about.endsWith('.'))).toBe(true)
  })

  it('masks the password and the parameters of a database address, and keeps what tells it apart', () => {
    const { DATABASE_URL } = shown({
      DATABASE_URL: 'postgres://parley:s3cret@db:5433/parley?sslpassword=hidden',
    })

    expect(DATABASE_URL).toBe('postgres://parley:***@db:5433/parley?***')
  })

  it('masks the password of a Redis', () => {
    const { REDIS_URL } = shown({ ...postgres, REDIS_URL: 'redis://:s3cret@cache:6380/1' })

    expect(REDIS_URL).toBe('redis://:***@cache:6380/1')
  })

  it('masks an address it cannot take apart as a whole', () => {
    expect(shown({ DATABASE_URL: 'postgres://u:p@one,two:x/db' }).DATABASE_URL).toBe('***')
    expect(shown({ DATABASE_URL: ':memory:' }).DATABASE_URL).toBe(':memory:')
    expect(shown({}).DATABASE_URL).toBe('(unset)')
  })
})

it.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['127.example.org', false],
  ['10.0.0.1', false],
])('%s is loopback: %s', (address, expected) => {
  expect(isLoopback(address)).toBe(expected)
})
