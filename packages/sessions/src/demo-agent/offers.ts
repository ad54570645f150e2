import type { SessionConfigOption, SessionModeState } from '@agentclientprotocol/sdk'
import type { DemoOptions } from './options.js'

const models = [
  { modelId: 'small', name: 'Small' },
  { modelId: 'large', name: 'Large' },
]

/** What of a session a client may switch, and how it is set. */
export class Offers {
  readonly #options: DemoOptions
  mode = 'ask'
  model = 'small'

  constructor(options: DemoOptions) {
    this.#options = options
  }

  /** Members of the answer to `session/new` and `session/load`. */
  get all(): Record<string, unknown> {
    const { modes, models: offersModels } = this.#options
    return {
      ...(modes && { modes: this.#modes }),
      ...(offersModels && { models: this.#models, configOptions: this.configOptions }),
    }
  }

  get configOptions(): SessionConfigOption[] {
    const options = models.map(({ modelId, name }) => ({ value: modelId, name }))
    return [
      { id: 'model', name: 'Model', category: 'model', type: 'select', currentValue: this.model, options },
    ]
  }

  get #modes(): SessionModeState {
    const availableModes = [
      { id: 'ask', name: 'Ask' },
      { id: 'code', name: 'Code' },
    ]
    return { currentModeId: this.mode, availableModes }
  }

  // Not in the SDK any more, and still what many agents and clients speak.
  get #models(): Record<string, unknown> {
    return { currentModelId: this.model, availableModels: models }
  }
}
