import * as z from 'zod'

const flag = z.union([z.boolean(), z.stringbool()])
const list = z.union([
  z.array(z.string()),
  z.string().transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  ),
])
const port = z.coerce.number().int().min(0).max(65535)

/**
 * One setting each: its environment name, its schema with the default, a sentence for people, and whether it is a
 * secret. `parley config` prints this table.
 */
export const settings = {
  host: { env: 'HOST', schema: z.string().min(1).default('127.0.0.1'), about: 'Address to listen on.' },
  port: { env: 'PORT', schema: port.default(7420), about: 'Port to listen on; 0 takes a free one.' },
  databaseUrl: {
    env: 'DATABASE_URL',
    schema: z.string().optional(),
    about: 'postgres:// URL. Unset: SQLite in the data directory. `:memory:` keeps nothing.',
    isSecret: true,
  },
  redisUrl: {
    env: 'REDIS_URL',
    schema: z
      .string()
      .regex(/^rediss?:\/\//, 'must be a redis:// or rediss:// URL')
      .refine((url) => URL.canParse(url), 'is no URL')
      .optional(),
    about:
      'redis:// or rediss:// URL over which several nodes on one Postgres talk. Unset: they talk over Postgres.',
    isSecret: true,
  },
  redisPrefix: {
    env: 'PARLEY_REDIS_PREFIX',
    schema: z
      .string()
      .regex(/^[\w.:-]{1,100}$/, 'must be 1 to 100 of A-Z a-z 0-9 _ . : -')
      .default('parley'),
    about: 'Begins the names of Redis channels. Services that share a Redis need different ones.',
  },
  dataDir: {
    env: 'PARLEY_DATA_DIR',
    schema: z.string().min(1).default('.parley'),
    about: 'Directory of the SQLite file and of what the command needs.',
  },
  publicUrl: {
    env: 'PARLEY_PUBLIC_URL',
    schema: z.url({ protocol: /^https?$/ }).optional(),
    about: 'Origin under which browsers and agents reach the server. Default: where it listens.',
  },
  bus: {
    env: 'PARLEY_BUS',
    schema: z.enum(['memory', 'postgres', 'redis']).optional(),
    about:
      'How nodes talk. Default: redis with a REDIS_URL, else postgres with a Postgres database, else memory.',
  },
  migrate: {
    env: 'PARLEY_MIGRATE',
    schema: z.enum(['auto', 'check']).optional(),
    about:
      'auto applies missing migrations at start; check refuses to start. Default: auto on SQLite, check on Postgres.',
  },
  trustLoopback: {
    env: 'PARLEY_TRUST_LOOPBACK',
    schema: flag.default(false),
    about: 'Lets callers on this machine in without credentials, as local-owner.',
  },
  trustedProxies: {
    env: 'PARLEY_TRUSTED_PROXIES',
    schema: list.default([]),
    about: 'Addresses and networks of proxies whose X-Forwarded-For is believed.',
  },
  allowedOrigins: {
    env: 'PARLEY_ALLOWED_ORIGINS',
    schema: list.default([]),
    about: 'Other origins whose pages may use the browser routes.',
  },
  allowedHosts: {
    env: 'PARLEY_ALLOWED_HOSTS',
    schema: list.default([]),
    about: 'Further host names this server answers to, such as parley.example.',
  },
  openCreation: {
    env: 'PARLEY_HANDSHAKE_OPEN',
    schema: flag.default(false),
    about: 'Lets pages create handshakes without being signed in.',
  },
  handshakeTtlSeconds: {
    env: 'PARLEY_HANDSHAKE_TTL_SECONDS',
    schema: z.coerce.number().int().min(1).max(604_800).default(1800),
    about: 'Seconds a handshake lives without a call; each call of its agent starts them anew.',
  },
  webhookAddresses: {
    env: 'PARLEY_WEBHOOK_ADDRESSES',
    schema: list.default([]),
    about:
      'Hosts, IP addresses and networks that webhooks may go to although they are private; * is all. Allows http.',
  },
  demoAssistants: {
    env: 'PARLEY_DEMO_ASSISTANTS',
    schema: flag.default(true),
    about: 'Offers the scripted assistants guide and echo, and a demo agent, to try rooms and sessions with.',
  },
  agentsFile: {
    env: 'PARLEY_AGENTS',
    schema: z.string().min(1).optional(),
    about:
      'JSON file that names agents to start: {"name": {"command", "args", "env"}}. Agents that are installed are found.',
  },
  workspaces: {
    env: 'PARLEY_WORKSPACES',
    schema: list.default([]),
    about:
      'Directories that may be looked into for starting sessions; the first is where they start. Default: here, and the home directory.',
  },
  allowSetup: {
    env: 'PARLEY_ALLOW_SETUP',
    schema: flag.default(false),
    about: 'Lets templates run a shell script in the workspace before their agent.',
  },
  relayKey: {
    env: 'PARLEY_RELAY_KEY',
    schema: z
      .string()
      .regex(/^(?:[\da-f]{64}|[\w+/-]{43}=?)$/i, 'must be 32 bytes as hex or base64')
      .optional(),
    about:
      'Seals secrets of gateways and credentials of bots: 32 bytes as hex or base64. Default: relay.key in the data directory.',
    isSecret: true,
  },
  relayAddresses: {
    env: 'PARLEY_RELAY_ADDRESSES',
    schema: list.default([]),
    about:
      'Hosts, IP addresses and networks that gateways may be woken at, and media come from, although they are private; * is all.',
  },
  relayIssuer: {
    env: 'PARLEY_RELAY_OIDC_ISSUER',
    schema: z.url({ protocol: /^https?$/ }).optional(),
    about: 'Issuer of identity tokens (OIDC) whose bearers may enrol gateways.',
  },
  relayAudience: {
    env: 'PARLEY_RELAY_OIDC_AUDIENCE',
    schema: z.string().min(1).default('parley'),
    about: 'Audience those tokens are for.',
  },
  relayJwksUrl: {
    env: 'PARLEY_RELAY_OIDC_JWKS',
    schema: z.url({ protocol: /^https?$/ }).optional(),
    about: 'Where their keys are. Default: /.well-known/jwks.json below the issuer.',
  },
  relayTenantClaim: {
    env: 'PARLEY_RELAY_OIDC_TENANT',
    schema: z.string().min(1).default('tid'),
    about: 'Claim that names the tenant.',
  },
  logLevel: {
    env: 'PARLEY_LOG_LEVEL',
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
    about: 'Least level that is logged.',
  },
} as const satisfies Record<string, Setting>

type Setting = { env: string; schema: z.ZodType; about: string; isSecret?: boolean }

export type SettingName = keyof typeof settings

/** The effective configuration. */
export type Config = { [Name in SettingName]: z.output<(typeof settings)[Name]['schema']> }
