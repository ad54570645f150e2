import type { Problem } from '@parley/kernel/errors'
import { Credentials } from '../auth/credentials.js'
import { loadConfig } from '../config/load.js'
import type { Config } from '../config/schema.js'
import { serverErrors } from '../errors.js'
import { openServerGround } from '../ground.js'
import { type Control, readControl } from '../lifecycle/control-file.js'

/** Asks the running server; throws what it refuses as an error with its message. */
export async function callServer<T>(
  control: Control,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const response = await fetch(control.url + path, {
    method,
    headers: { authorization: `Bearer ${control.token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  }).catch((cause: unknown) => {
    throw serverErrors.notAServer({
      message: `The server at ${control.url} (process ${control.pid}) does not answer.`,
      cause,
    })
  })
  const text = await response.text()
  if (response.ok) return (text ? JSON.parse(text) : undefined) as T
  throw new Error(messageOf(text) ?? `the server answered ${response.status}`)
}

function messageOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as Problem).message
  } catch {
    return undefined
  }
}

type Choice<T> = {
  /** When a server runs on this data directory. */
  running(control: Control): Promise<T>
  /** When none runs: on the database itself. */
  stopped(credentials: Credentials, config: Config): Promise<T>
}

/** Does a job by the running server, else on its database. */
export async function withCredentials<T>({ running, stopped }: Choice<T>): Promise<T> {
  const config = loadConfig(process.env)
  const control = await readControl(config.dataDir)
  if (control) return running(control)
  const ground = await openServerGround(config, (error) => console.error('parley:', error))
  try {
    return await stopped(new Credentials(ground), config)
  } finally {
    await ground.close()
  }
}
