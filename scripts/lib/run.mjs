import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { at, root } from './root.mjs'

const limit = 8 * 1024 * 1024

/**
 * Runs a program to its end and answers its exit code, with what it printed when `quiet` (at most the last 8 MiB).
 * A program that cannot be started counts as code 127.
 */
export function run(program, args, { env = {}, quiet = false, cwd = root } = {}) {
  const stdio = quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit']
  const child = spawn(program, args, { cwd, stdio, env: { ...process.env, ...env } })
  let output = ''
  const keep = (chunk) => {
    output = (output + chunk).slice(-limit)
  }
  child.stdout?.setEncoding('utf8').on('data', keep)
  child.stderr?.setEncoding('utf8').on('data', keep)
  return new Promise((done) => {
    child.once('error', (error) => done({ code: 127, output: `${program}: ${error.message}` }))
    child.once('close', (code, signal) => done({ code: exitCode(code, signal), output }))
  })
}

/** Runs a Node program of this checkout or of a tool in node_modules. */
export const runNode = (args, options) => run(process.execPath, args, options)

/** Where npm put a tool's command. */
export const tool = (name) => at('node_modules/.bin', name)

/** Runs npm itself, the one that started us where there is one. */
export function npm(args, options) {
  const self = process.env.npm_execpath
  return self?.endsWith('.js') ? runNode([self, ...args], options) : run('npm', args, options)
}

/**
 * Becomes another program as far as a parent can see: same standard streams, signals are passed on, and this
 * process ends with its exit code.
 */
export function become(args, { env = {} } = {}) {
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => forward(child, signal))
  child.once('error', (error) => {
    process.stderr.write(`${error.message}\n`)
    process.exit(127)
  })
  child.once('close', (code, signal) => process.exit(exitCode(code, signal)))
}

function forward(child, signal) {
  // WHY: Ctrl-C in a terminal reaches the whole process group; a second copy would mean "end at once" to the server.
  if (signal === 'SIGINT' && process.stdin.isTTY) return
  child.kill(signal)
}

const exitCode = (code, signal) => code ?? 128 + (constants.signals[signal] ?? 0)
