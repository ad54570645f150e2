import { createRelayClient, type RelayClient } from '@parley/relay/client'
import { loadConfig } from '../../config/load.js'
import { serverErrors } from '../../errors.js'
import { readControl } from '../../lifecycle/control-file.js'

/** Talks to the server that runs on this data directory; `url` is where gateways reach it. Throws `server.not_a_server` without one. */
export async function openRelayClient(): Promise<{ client: RelayClient; url: string }> {
  const config = loadConfig(process.env)
  const control = await readControl(config.dataDir)
  if (!control)
    throw serverErrors.notAServer({
      message: 'No server runs on this data directory. Start one with `parley up`.',
    })
  const client = createRelayClient({ baseUrl: control.url, token: control.token })
  return { client, url: config.publicUrl?.replace(/\/+$/, '') ?? control.url }
}
