import type { Tenant } from '@parley/kernel/principal'
import type { Command } from 'commander'
import type { ApiKey } from '../auth/credentials.js'
import { command } from '../auth/principals.js'
import { scopes } from '../auth/scopes.js'
import { TenantMap } from '../auth/tenants.js'
import { print, table } from './print.js'
import { callServer, withCredentials } from './server-call.js'

const path = '/parley/v1/keys'

/** `parley keys list|create|revoke`. */
export function addKeysCommand(program: Command): void {
  const keys = program.command('keys').description('API keys')

  keys
    .command('list')
    .description('list keys')
    .action(async () => {
      const found = await withCredentials<ApiKey[]>({
        running: async (control) => (await callServer<{ keys: ApiKey[] }>(control, 'GET', path)).keys,
        stopped: (credentials) => credentials.listKeys(command),
      })
      const rows = found.map((key) => [
        key.id,
        key.name,
        key.scopes.join(','),
        tenantText(key.tenant),
        key.createdAt,
        key.lastUsedAt ?? 'never',
      ])
      print(table([['ID', 'NAME', 'SCOPES', 'TENANT', 'CREATED', 'LAST USED'], ...rows]))
    })

  keys
    .command('create <name>')
    .description('create a key; it is printed once')
    .option('--scope <scope...>', `one or more of: ${scopes.join(', ')}`, ['*'])
    .option('--tenant <entry...>', 'limits it to a tenant: entries such as org=acme; more of them narrow it')
    .action(async (name: string, options: { scope: string[]; tenant?: string[] }) => {
      const body = { name, scopes: options.scope, tenant: toTenant(options.tenant ?? []) }
      const { key } = await withCredentials<{ key: string }>({
        running: (control) => callServer(control, 'POST', path, body),
        stopped: (credentials) => credentials.createKey(command, name, body.scopes, body.tenant),
      })
      print([key])
    })

  keys
    .command('revoke <id>')
    .description('end a key at once')
    .action(async (id: string) => {
      await withCredentials<void>({
        running: (control) => callServer(control, 'DELETE', `${path}/${encodeURIComponent(id)}`),
        stopped: (credentials) => credentials.revokeKey(command, id),
      })
      print([`revoked ${id}`])
    })
}

const tenantText = (tenant: Tenant): string =>
  Object.entries(tenant)
    .map(([key, value]) => `${key}=${value}`)
    .join(',') || '-'

/** Entries such as `org=acme` as a map. Throws for one that has no name or no value, and for a name given twice. */
function toTenant(entries: readonly string[]): Tenant {
  const pairs = entries.map((entry): [string, string] => {
    const [, key, value] = /^([^=]+)=(.+)$/.exec(entry) ?? []
    if (key === undefined || value === undefined) throw new Error(`--tenant ${entry}: must be like org=acme`)
    return [key, value]
  })
  if (new Set(pairs.map(([key]) => key)).size < pairs.length)
    throw new Error('--tenant: each name can be given once')
  return checkTenant(Object.fromEntries(pairs))
}

function checkTenant(tenant: Tenant): Tenant {
  const result = TenantMap.safeParse(tenant)
  if (result.success) return result.data
  throw new Error(`--tenant: ${result.error.issues.map(({ message }) => message).join(', ')}`)
}
