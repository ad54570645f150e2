import type { Command } from 'commander'
import { agentTemplates } from '../agents/templates.js'
import { isPostgres, loadConfig } from '../config/load.js'
import type { Config } from '../config/schema.js'
import { runServer } from '../lifecycle/run.js'
import { print } from './print.js'

/** `parley up`: starts the server and prints where it is. */
export function addUpCommand(program: Command): void {
  program
    .command('up')
    .description('start the server and stay in front')
    .option('--host <address>', 'address to listen on')
    .option('--port <number>', 'port to listen on; 0 takes a free one')
    .option('--data-dir <directory>', 'where the data lies')
    .action(async ({ host, port, dataDir }: { host?: string; port?: string; dataDir?: string }) => {
      const config = loadConfig({
        ...process.env,
        ...toEnvironment({ HOST: host, PORT: port, PARLEY_DATA_DIR: dataDir }),
      })
      await runServer(config, async (server) => {
        const link = await server.createOwnerLink()
        print([
          '',
          `  Parley is running.      ${server.publicUrl}`,
          `  Sign in (works once):   ${link}`,
          `  Try the demo form:      ${server.publicUrl}/demo`,
          ...(config.demoAssistants
            ? ['  Assistants to try:      guide and echo, as members of any room']
            : []),
          ...agentLine(config),
          `  API page:               ${server.publicUrl}/docs/api`,
          `  Data:                   ${dataText(config)}`,
          '',
          `  A new sign-in link:     ${process.env.PARLEY_COMMAND ?? 'parley'} link`,
          '  Stop:                   Ctrl+C',
          '',
        ])
      })
    })
}

/** Which agents can be started, when there are any. */
function agentLine(config: Config): string[] {
  const names = agentTemplates(config).map(({ name }) => name)
  return names.length > 0 ? [`  Agents to start:        ${names.join(', ')}`] : []
}

/** Options win over the environment; those that were not given leave it alone. */
function toEnvironment(options: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

function dataText(config: Config): string {
  if (isPostgres(config)) return 'Postgres'
  return config.databaseUrl === ':memory:' ? 'in memory, gone at the end' : config.dataDir
}
