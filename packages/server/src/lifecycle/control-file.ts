import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'

const Control = z.object({ pid: z.number().int().positive(), url: z.string(), token: z.string() })

/** How the command on this machine reaches the running server. */
export type Control = z.infer<typeof Control>

const pathOf = (dataDir: string) => join(dataDir, 'control.json')

/** Leaves the note of a running server; only its user can read it. */
export async function writeControl(dataDir: string, control: Control): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await rm(pathOf(dataDir), { force: true })
  await writeFile(pathOf(dataDir), `${JSON.stringify(control)}\n`, { mode: 0o600, flag: 'wx' })
}

/** Takes the note away, unless another server has left its own meanwhile. */
export async function removeControl(dataDir: string, pid: number): Promise<void> {
  if ((await readControl(dataDir))?.pid === pid) await rm(pathOf(dataDir), { force: true })
}

/** The note of the running server; undefined when there is none, or its process is gone. */
export async function readControl(dataDir: string): Promise<Control | undefined> {
  const text = await readFile(pathOf(dataDir), 'utf8').catch(() => undefined)
  const control = text === undefined ? undefined : Control.safeParse(parse(text)).data
  return control && isAlive(control.pid) ? control : undefined
}

/** True while the process exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It exists, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
