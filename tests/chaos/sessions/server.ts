import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../architecture/checkout.js'
import { startVictim, type Victim } from '../victim.js'

/** What a server is told: directories of the database, of the host and of the agents. */
export type ServerSetup = { database: string; hostDir: string; workspace: string }

const program = join(root, 'tests/dist/chaos/sessions/main.js')

/** The place of the one server. Whatever is killed is started again on the same data, on another port. */
export class ServerPlace {
  readonly #setup: ServerSetup
  #victim: Victim | undefined
  #url: string | undefined
  #isClosed = false
  /** What servers wrote to stderr, and those that ended by themselves. */
  readonly complaints: string[] = []

  constructor(setup: ServerSetup) {
    if (!existsSync(program)) throw new Error(`no ${program}: build the tests first (npm run build)`)
    this.#setup = setup
  }

  /** Where it is; undefined while none runs. */
  get url(): string | undefined {
    return this.#url
  }

  async start(): Promise<void> {
    if (this.#isClosed) throw new Error('the test is over')
    const victim = startVictim([program, JSON.stringify(this.#setup)])
    this.#victim = victim
    for await (const line of victim.lines()) {
      // The cast: the program's first line.
      this.#url = (JSON.parse(line) as { url: string }).url
      return
    }
    throw new Error(`the server did not start: ${victim.complaints()}`)
  }

  /** The last: nothing is started any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.kill().catch(() => undefined)
  }

  /** Ends it without a word. Throws when it had ended by itself. */
  async kill(): Promise<void> {
    const victim = this.#victim
    this.#victim = undefined
    this.#url = undefined
    if (!victim) return
    await victim.kill()
    const how = await victim.ended
    const text = victim.complaints()
    if (text !== '') this.complaints.push(text)
    if (how !== 'SIGKILL') throw new Error(`the server ended by itself (${how}): ${text}`)
  }
}
