#!/usr/bin/env node
import { isParleyError } from '@parley/kernel/errors'
import { Command } from 'commander'
import { ConfigError } from '../config/load.js'
import { version } from '../version.js'
import { addConfigCommand } from './config-command.js'
import { addDbCommand } from './db-command.js'
import { addKeysCommand } from './keys-command.js'
import { addLinkCommand } from './link-command.js'
import { addRelayCommand } from './relay/relay-command.js'
import { addRunCommand } from './run/run-command.js'
import { addStateCommands } from './state-commands.js'
import { addUpCommand } from './up-command.js'

const program = new Command('parley')
  .description('Where people, apps, chat platforms and AI agents meet.')
  .version(version)
  .showHelpAfterError()

for (const add of [
  addUpCommand,
  addStateCommands,
  addRunCommand,
  addRelayCommand,
  addLinkCommand,
  addKeysCommand,
  addConfigCommand,
  addDbCommand,
])
  add(program)

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = 1
  if (error instanceof ConfigError)
    console.error(
      `The configuration does not fit:\n${error.problems.map((problem) => `  ${problem}`).join('\n')}`,
    )
  else if (isParleyError(error)) console.error(`parley: ${error.message}`)
  else console.error('parley:', error instanceof Error ? error.message : error)
}
