import { HostError } from '../errors.js'
import { git } from './run.js'

const maxLength = 255

/**
 * A branch, tag, hash or `main~2` from outside, as git may be given it. Refuses with 400 what begins with `-` and what no name
 * of a commit looks like. `what` names it in the message.
 */
export function revision(value: string, what: string): string {
  const [name = '', ...rest] = value.split(/(?=[~^])/)
  if (value.length > maxLength || !isName(name) || rest.some((one) => !/^[~^]\d*$/.test(one)))
    throw new HostError(400, `Invalid '${what}': not the name of a commit`)
  return value
}

/** A name for a new branch. */
export function branchName(value: string): string {
  if (value.length > maxLength || !isName(value) || value === 'HEAD')
    throw new HostError(400, "Invalid 'branch': not the name of a branch")
  return value
}

/** True when a text holds characters that are none to read: NUL, line breaks, DEL. */
export function hasControl(text: string): boolean {
  return Array.from(text).some((one) => one < ' ' || one === '\u007f')
}

/** By the rules of `git check-ref-format`. */
function isName(name: string): boolean {
  if (name === '' || name === '@' || name.startsWith('-') || name.endsWith('.')) return false
  if (hasControl(name) || /[ ~^:?*[\\]/.test(name) || name.includes('..') || name.includes('@{')) return false
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
}

/** The hash of what a name stands for: a local branch, else one of `origin`, else whatever git understands. */
export async function resolveRevision(directory: string, name: string): Promise<string> {
  for (const full of [`refs/heads/${name}`, `refs/remotes/origin/${name}`]) {
    const sha = await hashOf(directory, full).catch(() => undefined)
    if (sha !== undefined) return sha
  }
  return hashOf(directory, name)
}

async function hashOf(directory: string, name: string): Promise<string> {
  const args = ['rev-parse', '--verify', '--end-of-options', `${name}^{commit}`]
  const lines = (await git({ directory, args })).stdout.toString('utf8').trim().split('\n')
  // The cast: splitting gives at least one.
  return lines.at(-1) as string
}
