import { isIP } from 'node:net'
import type * as z from 'zod'
import { type Config, type SettingName, settings } from './schema.js'

/** Settings that do not fit, one sentence each. */
export class ConfigError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the configuration from the environment; `overrides` win. Throws a `ConfigError` with all problems at once. */
export function loadConfig(environment: Environment, overrides: Partial<Config> = {}): Config {
  const problems: string[] = []
  const entries = names().map((name) => {
    const { env, schema } = settings[name]
    // An empty variable counts as unset: that is how compose files leave one out.
    const given = overrides[name] ?? (environment[env] || undefined)
    const result = (schema as z.ZodType).safeParse(given)
    if (!result.success)
      problems.push(`${env}: ${result.error.issues.map((issue) => issue.message).join(', ')}`)
    return [name, result.data]
  })
  const config = Object.fromEntries(entries) as Config
  if (problems.length === 0) problems.push(...contradictions(config))
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

/** Names of all settings, in the order of the table. */
export const names = () => Object.keys(settings) as SettingName[]

function contradictions(config: Config): string[] {
  const problems: string[] = []
  if (config.databaseUrl && !/^(postgres(ql)?:\/\/|:memory:$)/.test(config.databaseUrl))
    problems.push('DATABASE_URL: must be a postgres:// URL, or :memory:.')
  problems.push(...busProblems(config))
  if (config.trustLoopback && !isLoopback(config.host))
    problems.push('PARLEY_TRUST_LOOPBACK: only together with a loopback HOST, or strangers would be let in.')
  if (config.trustLoopback && config.trustedProxies.length > 0)
    problems.push(
      'PARLEY_TRUST_LOOPBACK: not together with PARLEY_TRUSTED_PROXIES; everybody comes by the proxy.',
    )
  return problems
}

/** At most one: each sentence would only repeat the one before it. */
function busProblems(config: Config): string[] {
  const { bus, redisUrl } = config
  if (redisUrl && !isPostgres(config))
    return [
      'REDIS_URL: needs a Postgres DATABASE_URL. SQLite belongs to one server, which talks to nobody. Unset it.',
    ]
  if (redisUrl && bus && bus !== 'redis')
    return [`PARLEY_BUS: ${bus} leaves REDIS_URL without a use. Unset one of them.`]
  if (bus === 'redis' && !redisUrl) return ['PARLEY_BUS: redis needs a REDIS_URL.']
  if (bus === 'postgres' && !isPostgres(config))
    return ['PARLEY_BUS: postgres needs a Postgres DATABASE_URL.']
  return []
}

/** How the nodes of this configuration talk. */
export function busOf(config: Config): 'memory' | 'postgres' | 'redis' {
  if (config.bus) return config.bus
  if (config.redisUrl) return 'redis'
  return isPostgres(config) ? 'postgres' : 'memory'
}

export const isPostgres = ({ databaseUrl }: Pick<Config, 'databaseUrl'>): boolean =>
  databaseUrl?.startsWith('postgres') ?? false

/** True for addresses that only this machine reaches. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '')
  if (plain === 'localhost' || plain === '::1') return true
  return isIP(plain) === 4 && plain.startsWith('127.')
}
