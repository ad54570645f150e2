import { createSessions, serve } from '@parley/sessions'
import { createSessionsClient } from '@parley/sessions/client'
import { localRuntime } from '@parley/sessions/runtimes'
const demo = new URL(import.meta.resolve('@parley/sessions/demo-agent')).pathname
const sessions = createSessions({
  database: '/tmp/edges/embed/data',
  authenticate: ({ headers }) => headers.get('authorization') === 'Bearer t' ? { kind: 'user', id: 'u', tenant: { team: 'x' }, scopes: ['sessions:use'] } : null,
  runtimes: { local: localRuntime({ dataDir: '/tmp/edges/embed/data/host', cwd: '/tmp/edges/embed' }) },
  agentTemplates: [{ id: 'demo', name: 'Demo', spawn: { command: process.execPath, args: [demo] }, runtime: { provider: 'local' } }],
})
const { url, close } = await serve(sessions, { port: 0 })
const client = createSessionsClient({ baseUrl: url + '/api', token: 't' })
const { id } = await client.createSession({ agentTemplateId: 'demo' })
client.close()
console.log('closing')
if (process.argv[2] === 'plain') await sessions.stop({ sessions: 'terminate' }); else await close({ sessions: 'terminate' })
console.log('closed')
