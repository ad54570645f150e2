// Two small files beside the segments: which epoch they belong to, and how far the server has acknowledged them.
import { open, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isJsonObject } from '@parley/kernel/wire'
import type { SpoolPosition } from '../../protocol/index.js'
import { syncPath } from './segment-file.js'

/** The epoch of a spool; undefined when the file is missing or damaged. */
export async function readEpoch(directory: string): Promise<string | undefined> {
  const text = await readIfThere(join(directory, 'epoch'))
  return text !== undefined && /^[0-9a-f]{8,64}\n$/.test(text) ? text.trim() : undefined
}

/** Replaces the epoch in one step: after a crash it is the old one or the new one. */
export async function writeEpoch(directory: string, epoch: string): Promise<void> {
  const path = join(directory, 'epoch')
  const handle = await open(`${path}.new`, 'w', 0o600)
  try {
    await handle.writeFile(`${epoch}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${path}.new`, path)
  await syncPath(directory)
}

/** What the server had acknowledged; may be older than the truth, and 0 for another epoch. */
export async function readAcked(directory: string, epoch: string): Promise<number> {
  try {
    const value: unknown = JSON.parse((await readIfThere(join(directory, 'acked'))) ?? '{}')
    if (!isJsonObject(value) || value.epoch !== epoch || !Number.isSafeInteger(value.n)) return 0
    return Number(value.n)
  } catch {
    return 0
  }
}

/** A hint, so it is not synced. */
export async function writeAcked(directory: string, position: SpoolPosition): Promise<void> {
  await writeFile(join(directory, 'acked'), JSON.stringify(position), { mode: 0o600 })
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
