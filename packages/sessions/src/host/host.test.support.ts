import { onTestFinished } from 'vitest'
import { type Host, type HostOptions, openHost } from './open-host.js'
import { tempDirectory } from './spool/spool.test.support.js'

export type TestHost = Host & { dataDir: string; workspace: string; reports: string[] }

/** A host that may start anything in its workspace; closed when the test is over. */
export async function testHost(options: Partial<HostOptions> = {}): Promise<TestHost> {
  const reports: string[] = []
  const dataDir = options.dataDir ?? tempDirectory()
  const workspace = options.roots?.[0] ?? tempDirectory()
  const host = await openHost({
    name: 'test',
    roots: [workspace],
    policy: { agents: 'any', roots: [workspace] },
    report: (message) => void reports.push(message),
    ...options,
    dataDir,
  })
  onTestFinished(() => host.close())
  return Object.assign(Object.create(host) as Host, { dataDir, workspace, reports })
}
