import { spawn } from 'node:child_process'
import { systemClock } from '@parley/kernel/ids'
import { HostError } from '../errors.js'

const timeLimitMs = 30_000
const maxErrorBytes = 64 * 1024
const defaultBytes = 8 * 1024 * 1024

/** What git is told before anything else, so that nothing a repository's files say makes it run a program. */
const always = [
  '--no-pager',
  '--literal-pathspecs',
  ...Object.entries({
    'core.hooksPath': '/dev/null',
    'core.fsmonitor': 'false',
    'core.sshCommand': 'false',
    'core.quotePath': 'false',
    'credential.helper': '',
    'diff.external': '',
    'log.showSignature': 'false',
    'protocol.ext.allow': 'never',
    'submodule.recurse': 'false',
    'gc.auto': '0',
    'maintenance.auto': 'false',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
]

const kept = ['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'XDG_CONFIG_HOME']

export type GitCall = {
  /** An absolute directory inside the roots. */
  directory: string
  /** Nothing from outside that begins with `-`. */
  args: readonly string[]
  /** Settings beside those that always hold. */
  settings?: readonly string[]
  /** More output is cut off. Default 8 MiB. */
  maxBytes?: number
  /** Exit codes that are no failure, beside 0. */
  alsoFine?: readonly number[]
}

export type GitOutput = { stdout: Buffer; stderr: string; truncated: boolean }

/** Runs git in a directory. Refuses with 400 and git's own message when it fails, with 500 when it takes 30 seconds. */
export async function git(call: GitCall): Promise<GitOutput> {
  const { code, stdout, stderr, truncated, timedOut } = await run(call)
  if (timedOut) throw new HostError(500, 'git took too long')
  if (code === 0 || truncated || (code !== null && call.alsoFine?.includes(code)))
    return { stdout, stderr, truncated }
  throw new HostError(400, stderr.trim() || `git failed with exit code ${code}`)
}

type Ran = GitOutput & { code: number | null; timedOut: boolean }

function run({ directory, args, settings = [], maxBytes = defaultBytes }: GitCall): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...always, ...settings, '-C', directory, ...args], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const end = () => endGroup(child.pid)
    const out = gather(maxBytes, end)
    const err = gather(maxErrorBytes, () => undefined)
    let timedOut = false
    // WHY: a program takes real time, whatever clock its caller has.
    const stopTimer = systemClock.after(timeLimitMs, () => {
      timedOut = true
      end()
    })
    child.stdout.on('data', out.add)
    child.stderr.on('data', err.add)
    child.on('error', (cause) => {
      stopTimer()
      reject(new HostError(500, 'git can not be started', { cause }))
    })
    child.on('close', (code) => {
      stopTimer()
      const stderr = err.taken().toString('utf8')
      resolve({ code, stdout: out.taken(), stderr, truncated: out.isFull(), timedOut })
    })
  })
}

function gather(max: number, onFull: () => void) {
  const chunks: Buffer[] = []
  let bytes = 0
  return {
    add: (chunk: Buffer) => {
      if (bytes <= max) chunks.push(chunk)
      bytes += chunk.length
      if (bytes > max) onFull()
    },
    isFull: () => bytes > max,
    taken: () => Buffer.concat(chunks).subarray(0, max),
  }
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

// WHY: an empty GIT_ALLOW_PROTOCOL forbids every transport, also the ones a partial clone would fetch missing objects by.
function environment(): Record<string, string> {
  const own = kept.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    ...Object.fromEntries(own),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_ALLOW_PROTOCOL: '',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ASKPASS: 'false',
    GIT_PAGER: 'cat',
    GIT_EDITOR: 'false',
  }
}
