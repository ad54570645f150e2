import type { Command } from 'commander'
import type { ApiKey } from '../auth/credentials.js'
import { command } from '../auth/principals.js'
import { scopes } from '../auth/scopes.js'
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
        stopped: (credentials) => credentials.listKeys(),
      })
      const rows = found.map((key) => [
        key.id,
        key.name,
        key.scopes.join(','),
        key.createdAt,
        key.lastUsedAt ?? 'never',
      ])
      print(table([['ID', 'NAME', 'SCOPES', 'CREATED', 'LAST USED'], ...rows]))
    })

  keys
    .command('create <name>')
    .description('create a key; it is printed once')
    .option('--scope <scope...>', `one or more of: ${scopes.join(', ')}`, ['*'])
    .action(async (name: string, { scope }: { scope: string[] }) => {
      const { key } = await withCredentials<{ key: string }>({
        running: (control) => callServer(control, 'POST', path, { name, scopes: scope }),
        stopped: (credentials) => credentials.createKey(command, name, scope),
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
