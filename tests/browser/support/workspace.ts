import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'

const files: Readonly<Record<string, string>> = {
  'README.md': '# Shop\n\nA shop that sells *nothing* yet.\n',
  'src/greeting.ts': `/** Says hello. */\nexport function greeting(name: string): string {\n  return \`Hello, \${name}.\`\n}\n`,
  'src/prices/round.ts': 'export const round = (cents: number): string => (cents / 100).toFixed(2)\n',
  '.gitignore': 'node_modules\n',
}

/** A directory with the repository `shop` in it, on the branch `main`, with one change that is not committed. */
export async function makeWorkspace(): Promise<{ dir: string; shop: string }> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'parley-workspace-')))
  afterAll(() => rm(dir, { recursive: true, force: true }))
  const shop = join(dir, 'shop')
  await mkdir(join(dir, 'notes'))
  for (const [path, text] of Object.entries(files)) await write(join(shop, path), text)
  const git = (...args: string[]) => promisify(execFile)('git', args, { cwd: shop, env: gitEnvironment })
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '.')
  await git('commit', '--quiet', '--message', 'The shop as it began')
  await write(
    join(shop, 'src/prices/round.ts'),
    files['src/prices/round.ts']!.replace('toFixed(2)', 'toFixed(1)'),
  )
  return { dir, shop }
}

const author = { name: 'Ann', email: 'ann@shop.example' }
/** Nothing of the machine's own settings. */
const gitEnvironment = {
  PATH: process.env.PATH,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: author.name,
  GIT_AUTHOR_EMAIL: author.email,
  GIT_COMMITTER_NAME: author.name,
  GIT_COMMITTER_EMAIL: author.email,
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}
