#!/usr/bin/env node
// A scripted agent that speaks ACP on stdin and stdout: for tests, examples, and people who try things out.

import { once } from 'node:events'
import { realpathSync } from 'node:fs'
import { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { ndJsonStream } from '@agentclientprotocol/sdk'
import { demoAgent } from './agent.js'
import { readOptions } from './options.js'

async function writeRaw(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if ('print' in options) {
    process.stdout.write(options.print)
    process.exitCode = options.exitCode
    return
  }
  if (options.failStart !== undefined) {
    process.stderr.write(`${options.failStart}\n`)
    process.exitCode = 1
    return
  }
  // The cast: Node and the DOM each declare the type of one and the same stream.
  const input = Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>
  const stream = ndJsonStream(Writable.toWeb(process.stdout), input)
  await demoAgent(options, writeRaw).connect(stream).closed
  // Turns may still be waiting for something; without a client nobody wants their answer.
  process.exit(0)
}

/** WHY: the module has a name of its own, by which programs find the file; importing it must not start an agent. */
function isProgram(path: string | undefined): boolean {
  // A package manager starts it by a link.
  return path !== undefined && realpathSync(path) === realpathSync(fileURLToPath(import.meta.url))
}

if (isProgram(process.argv[1])) await main()
