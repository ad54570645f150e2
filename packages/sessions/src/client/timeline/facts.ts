// What an agent says about itself: modes, models, options, commands, a title.
import type { SessionCommand } from '../../protocol/index.js'
import { type Fields, fieldsOf, listOf, textOf } from './read.js'

export type Choice = { readonly id: string; readonly name: string; readonly description?: string }

/** What can be chosen, and what is. */
export type Choices = { readonly current: string; readonly available: readonly Choice[] }

/** An option of an agent, as ACP has it: `select` with `currentValue` and `options`, or `boolean`. */
export type ConfigOption = {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly currentValue: unknown
} & Readonly<Record<string, unknown>>

/** How much of the agent's context is used, in tokens. */
export type Usage = { readonly used: number; readonly size: number }

export type AgentFacts = {
  readonly modes?: Choices
  readonly models?: Choices
  readonly configOptions: readonly ConfigOption[]
  readonly commands: readonly SessionCommand[]
  readonly title?: string
  readonly usage?: Usage
}

/** What is asked of an agent and what it answers, as far as it changes what is known of it. */
export class Agent {
  facts: AgentFacts = { configOptions: [], commands: [] }
  /** What was asked for last, until the agent says yes. */
  #wanted: { modes?: unknown; models?: unknown } = {}

  asked(method: unknown, payload: Fields): void {
    if (method === 'session/set_mode') this.#wanted.modes = payload.modeId
    if (method === 'session/set_model') this.#wanted.models = payload.modelId
  }

  answered(method: unknown, payload: Fields): void {
    if ('error' in payload) this.#wanted = {}
    else if (method === 'session/set_mode') this.#choose('modes', this.#wanted.modes)
    else if (method === 'session/set_model') this.#choose('models', this.#wanted.models)
    else if (typeof method === 'string' && opening.has(method)) this.#opened(payload)
  }

  told(update: Fields): void {
    const { title, used, size } = update
    switch (update.sessionUpdate) {
      case 'current_mode_update':
        this.#choose('modes', update.currentModeId)
        break
      case 'config_option_update':
        this.#opened({ configOptions: update.configOptions })
        break
      case 'available_commands_update':
        this.#know({ commands: (listOf(update.availableCommands) ?? []).map(toCommand) })
        break
      case 'session_info_update':
        if (typeof title === 'string') this.#know({ title })
        break
      case 'usage_update':
        if (typeof used === 'number' && typeof size === 'number') this.#know({ usage: { used, size } })
    }
  }

  #opened(payload: Fields): void {
    const configOptions = listOf(payload.configOptions)
    this.#know({
      ...choices('modes', fieldsOf(payload.modes), 'currentModeId', 'availableModes', 'id'),
      ...choices('models', fieldsOf(payload.models), 'currentModelId', 'availableModels', 'modelId'),
      ...(configOptions && { configOptions: configOptions.map(toConfigOption) }),
    })
  }

  #choose(what: 'modes' | 'models', current: unknown): void {
    if (typeof current !== 'string') return
    this.#know({ [what]: { available: [], ...this.facts[what], current } })
    this.#know({ configOptions: this.facts.configOptions.map((option) => chosen(option, what, current)) })
  }

  #know(more: Partial<AgentFacts>): void {
    this.facts = { ...this.facts, ...more }
  }
}

const opening: ReadonlySet<string> = new Set([
  'session/new',
  'session/load',
  'session/resume',
  'session/set_config_option',
])

function choices(
  what: 'modes' | 'models',
  state: Fields,
  currentName: string,
  listName: string,
  idName: string,
) {
  const current = textOf(state[currentName])
  if (current === undefined) return {}
  const available = (listOf(state[listName]) ?? []).flatMap((one): Choice[] => {
    const id = textOf(one[idName]) ?? textOf(one.id)
    const description = textOf(one.description)
    return id === undefined ? [] : [{ id, name: textOf(one.name) ?? id, ...(description && { description }) }]
  })
  return { [what]: { current, available } }
}

/** WHY: agents that offer their modes as an option, too, need not say that it changed. */
function chosen(option: ConfigOption, what: 'modes' | 'models', current: string): ConfigOption {
  if (`${option.category}s` !== what || option.currentValue === current) return option
  // Options may be in groups.
  const groups = listOf(option.options) ?? []
  const isOffered = groups
    .flatMap((one) => listOf(one.options) ?? [one])
    .some(({ value }) => value === current)
  return isOffered ? { ...option, currentValue: current } : option
}

const toConfigOption = (option: Fields): ConfigOption => ({
  ...option,
  id: textOf(option.id) ?? '',
  name: textOf(option.name) ?? '',
  type: textOf(option.type) ?? '',
  currentValue: option.currentValue,
})

const toCommand = ({ name, description }: Fields): SessionCommand => ({
  name: textOf(name) ?? '',
  description: textOf(description) ?? '',
})
