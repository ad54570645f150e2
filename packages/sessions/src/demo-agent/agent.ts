import { randomBytes } from 'node:crypto'
import { type AgentApp, type AgentContext, agent, methods, RequestError } from '@agentclientprotocol/sdk'
import { History } from './history.js'
import { Offers } from './offers.js'
import type { DemoOptions } from './options.js'
import { DemoSession, type WriteRaw } from './session.js'
import { untilCancelled } from './turn.js'

/** The demo agent, ready to be connected. */
export function demoAgent(options: DemoOptions, raw: WriteRaw): AgentApp {
  const demo = new Demo(options, raw)
  const app = agent({ name: 'parley-demo-agent' })
  app.onRequest(methods.agent.initialize, ({ signal }) => demo.initialize(signal))
  app.onRequest(methods.agent.session.new, ({ params }) => demo.start(params.cwd))
  app.onRequest(methods.agent.session.prompt, ({ params, client }) =>
    demo.find(params.sessionId).prompt(params, client),
  )
  app.onNotification(methods.agent.session.cancel, ({ params }) => demo.find(params.sessionId).cancel())
  if (options.load)
    app.onRequest(methods.agent.session.load, ({ params, client }) =>
      demo.load(params.sessionId, params.cwd, client),
    )
  if (options.resume)
    app.onRequest(methods.agent.session.resume, ({ params }) => demo.reopen(params.sessionId, params.cwd))
  return addSwitches(app, demo, options)
}

function addSwitches(app: AgentApp, demo: Demo, { modes, models }: DemoOptions): AgentApp {
  if (modes)
    app.onRequest(methods.agent.session.setMode, ({ params }) => {
      demo.find(params.sessionId).offers.mode = params.modeId
    })
  if (!models) return app
  app.onRequest(methods.agent.session.setConfigOption, ({ params }) => {
    const { offers } = demo.find(params.sessionId)
    offers.model = String(params.value)
    return { configOptions: offers.configOptions }
  })
  return app.onRequest('session/set_model', modelParams, ({ params }) => {
    demo.find(params.sessionId).offers.model = params.modelId
    return {}
  })
}

function modelParams(params: unknown): { sessionId: string; modelId: string } {
  // The cast: both members are checked in the next line.
  const { sessionId, modelId } = (params ?? {}) as Record<string, unknown>
  if (typeof sessionId !== 'string' || typeof modelId !== 'string') throw RequestError.invalidParams()
  return { sessionId, modelId }
}

class Demo {
  readonly #options: DemoOptions
  readonly #history: History
  readonly #raw: WriteRaw
  readonly #sessions = new Map<string, DemoSession>()

  constructor(options: DemoOptions, raw: WriteRaw) {
    this.#options = options
    this.#history = new History(options.stateDir)
    this.#raw = raw
  }

  async initialize(signal: AbortSignal) {
    if (this.#options.slowStartMs > 0) await untilCancelled(signal, this.#options.slowStartMs)
    return {
      protocolVersion: 1,
      agentInfo: { name: 'parley-demo-agent', title: 'Demo agent', version: '1.0.0' },
      agentCapabilities: {
        loadSession: this.#options.load,
        ...(this.#options.resume && { sessionCapabilities: { resume: {} } }),
      },
    }
  }

  start(cwd: string) {
    const sessionId = `demo-${randomBytes(8).toString('hex')}`
    this.#history.begin(sessionId)
    return { sessionId, ...this.#open(sessionId, cwd).offers.all }
  }

  async load(sessionId: string, cwd: string, client: AgentContext) {
    const updates = this.#remembered(sessionId)
    for (const update of updates) await client.notify(methods.client.session.update, { sessionId, update })
    return this.#open(sessionId, cwd).offers.all
  }

  reopen(sessionId: string, cwd: string) {
    this.#remembered(sessionId)
    return this.#open(sessionId, cwd).offers.all
  }

  find(sessionId: string): DemoSession {
    const session = this.#sessions.get(sessionId)
    if (!session) throw RequestError.sessionNotFound(sessionId)
    return session
  }

  #remembered(sessionId: string) {
    const updates = this.#history.open(sessionId)
    if (!updates) throw RequestError.sessionNotFound(sessionId)
    return updates
  }

  #open(sessionId: string, cwd: string): DemoSession {
    const offers = new Offers(this.#options)
    const session = new DemoSession(sessionId, cwd, { history: this.#history, offers, raw: this.#raw })
    this.#sessions.set(sessionId, session)
    return session
  }
}
