import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

type Node = { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }
type Profile = { nodes: Node[]; samples: number[]; timeDeltas: number[] }

/** One function of a CPU profile. `share`: of the time the thread was not idle, in the function itself. */
export type SelfTime = { name: string; share: number }

/** The functions with the most self time. */
export function topSelfTimes({ nodes, samples, timeDeltas }: Profile, count: number): SelfTime[] {
  const names = new Map(nodes.map((node) => [node.id, nameOf(node)]))
  const times = new Map<string, number>()
  samples.forEach((id, index) => {
    const name = names.get(id) ?? '?'
    times.set(name, (times.get(name) ?? 0) + Math.max(0, timeDeltas[index] ?? 0))
  })
  times.delete('(idle)')
  const total = [...times.values()].reduce((sum, time) => sum + time, 0)
  const shares = Array.from(times, ([name, time]) => ({ name, share: time / total }))
  return shares.sort((a, b) => b.share - a.share).slice(0, count)
}

/** The top of every profile in a folder, as text. */
export function summarise(folder: string, count = 12): string {
  const files = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))
  return files.map((name) => `${name}\n${tableOf(join(folder, name), count)}`).join('\n\n')
}

function tableOf(file: string, count: number): string {
  const profile = JSON.parse(readFileSync(file, 'utf8')) as Profile
  const lines = topSelfTimes(profile, count).map(
    ({ name, share }) => `  ${(share * 100).toFixed(1)} %  ${name}`,
  )
  return lines.join('\n')
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: Node): string {
  const name = functionName || '(anonymous)'
  const file = url.split('/').slice(-2).join('/')
  return file ? `${name} ${file}:${lineNumber + 1}` : name
}
