import { execFile } from 'node:child_process'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './checkout.js'
import type { Workspace } from './workspaces.js'

const start = promisify(execFile)
const maxBuffer = 16 * 1024 * 1024

/** A package as npm would publish it. */
export type Packed = { workspace: Workspace; tarball: string; files: string[] }

/** Packs workspaces into a folder. They must be built. */
export async function pack(workspaces: readonly Workspace[], folder: string): Promise<Packed[]> {
  await mkdir(folder, { recursive: true })
  const chosen = workspaces.flatMap(({ name }) => ['-w', name])
  const { stdout } = await npm(
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, ...chosen],
    root,
  )
  const packed = JSON.parse(stdout) as { name: string; filename: string; files: { path: string }[] }[]
  return packed.map(({ name, filename, files }) => ({
    workspace: workspaces.find((one) => one.name === name)!,
    tarball: join(folder, basename(filename)),
    files: files.map(({ path }) => path),
  }))
}

/**
 * Installs tarballs, and `others` by name and version, into an empty project. What `npm ci` fetched for this checkout
 * comes from npm's cache.
 */
export async function installInto(
  project: string,
  tarballs: readonly string[],
  others: readonly string[],
): Promise<void> {
  await mkdir(project, { recursive: true })
  await writeFile(
    join(project, 'package.json'),
    JSON.stringify({ name: 'empty', private: true, type: 'module' }),
  )
  const options = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  await npm(['install', ...options, ...tarballs, ...others], project)
}

/** Imports a module by name in a fresh process, from inside a project, and answers the names that it exports. */
export async function importIn(project: string, specifier: string): Promise<string[]> {
  const program = `console.log(JSON.stringify(Object.keys(await import(${JSON.stringify(specifier)}))))`
  const { stdout } = await start(process.execPath, ['--input-type=module', '-e', program], {
    cwd: project,
    maxBuffer,
  })
  return JSON.parse(stdout) as string[]
}

type Results = {
  numPassedTests: number
  testResults: { assertionResults: { status: string; fullName: string }[] }[]
}

/** Runs a test file of this checkout with a project's own Vitest and packages. Answers what failed, by name. */
export async function testIn(project: string, file: string): Promise<{ passed: number; failed: string[] }> {
  await copyFile(join(root, file), join(project, basename(file)))
  const vitest = join(project, 'node_modules/vitest/vitest.mjs')
  const args = [vitest, 'run', basename(file), '--reporter=json', '--testTimeout=30000']
  // Failing tests are an answer, too.
  const run = start(process.execPath, args, { cwd: project, env: cleanEnvironment(), maxBuffer })
  const { stdout } = await run.catch((error: { stdout: string }) => error)
  const { numPassedTests, testResults } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Results
  const all = testResults.flatMap(({ assertionResults }) => assertionResults)
  return {
    passed: numPassedTests,
    failed: all.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  }
}

const npm = (args: string[], cwd: string) => start('npm', args, { cwd, env: cleanEnvironment(), maxBuffer })

// WHY: under `npm test` these name the outer run, and npm would take its workspace and its folder for ours.
const cleanEnvironment = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:npm_(?!config_(?:cache|registry))|INIT_CWD|NODE_OPTIONS|VITEST)/i.test(name),
    ),
  )
