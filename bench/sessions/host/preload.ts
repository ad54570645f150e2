// Loaded into the host process before its own program: says which process it is, how much memory it uses, and profiles it.
import { renameSync, writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import { join } from 'node:path'
import { isMainThread } from 'node:worker_threads'

const { PARLEY_BENCH_NOTE: note, PARLEY_BENCH_PROFILE_TO: profileTo } = process.env

let count = 0

function write(file: string): void {
  globalThis.gc?.()
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  count += 1
  // Whole or not at all for whoever waits for it.
  writeFileSync(`${file}.new`, JSON.stringify({ pid: process.pid, count, rss, heap: heapUsed + external }))
  renameSync(`${file}.new`, file)
}

function profile(folder: string): void {
  const session = new Session()
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.start')
  process.once('exit', () => {
    // Called back before it returns: a session in the same thread.
    session.post('Profiler.stop', (_error, stopped) => {
      const name = `host.${process.pid}.${Date.now()}.cpuprofile`
      if (stopped) writeFileSync(join(folder, name), JSON.stringify(stopped.profile))
    })
  })
}

if (isMainThread && note) {
  write(note)
  process.on('SIGUSR2', () => write(note))
  if (profileTo) profile(profileTo)
}
