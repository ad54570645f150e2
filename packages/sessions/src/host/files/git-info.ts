import { lstat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { FileSystemEntryGitInfo } from '../../protocol/session-host/index.js'
import type { Place } from './confine.js'
import { readSmallFile } from './small-file.js'

/** What a directory's `.git` says of it, by reading two files; undefined when there is no such directory (section 8.2). */
export async function gitInfo(directory: Place): Promise<FileSystemEntryGitInfo | undefined> {
  const git = `${directory.real}/.git`
  const stats = await lstat(git).catch(() => undefined)
  if (!stats?.isDirectory()) return undefined
  const head = await readSmallFile({ ...directory, real: `${git}/HEAD` }, 4_096)
  if (head === undefined) return undefined
  const config = await readSmallFile({ ...directory, real: `${git}/config` }, 64 * 1024)
  const origin = originOf(config ?? '')
  return { branch: branchOf(head), ...(origin !== undefined && { origin }) }
}

/** The nearest directory upwards that holds a `.git`, absolute; it may lie above the workspace. */
export async function gitPathOf(directory: string): Promise<string | undefined> {
  for (let at = directory; ; at = dirname(at)) {
    const stats = await lstat(`${at}/.git`).catch(() => undefined)
    if (stats) return at
    if (dirname(at) === at) return undefined
  }
}

function branchOf(head: string): string {
  const line = head.trim()
  return line.startsWith('ref:')
    ? line
        .slice(4)
        .trim()
        .replace(/^refs\/heads\//, '')
    : line.slice(0, 12)
}

/** The address of the remote `origin`, without the password that some have in it. */
function originOf(config: string): string | undefined {
  let isOrigin = false
  for (const line of config.split('\n').map((one) => one.trim())) {
    if (line.startsWith('[')) isOrigin = /^\[remote\s+"origin"\]/.test(line)
    const url = isOrigin ? /^url\s*=\s*(.+)$/.exec(line)?.[1] : undefined
    if (url !== undefined) return url.replace(/^([a-z+]+:\/\/)[^/@]*@(?=[^/]*(\/|$))/i, withoutPassword)
  }
  return undefined
}

function withoutPassword(whole: string, scheme: string): string {
  return /^https?:/i.test(scheme) ? scheme : whole.replace(/:[^:@/]*@$/, '@')
}
