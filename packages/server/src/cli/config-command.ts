import type { Command } from 'commander'
import { loadConfig } from '../config/load.js'
import { showConfig } from '../config/show.js'
import { print, table } from './print.js'

/** `parley config`: the effective settings, secrets masked. */
export function addConfigCommand(program: Command): void {
  program
    .command('config')
    .description('print the effective configuration, secrets masked')
    .action(() => {
      const rows = showConfig(loadConfig(process.env)).map(({ env, value, about }) => [env, value, about])
      print(table(rows))
    })
}
