import type { RequestPermissionResponse } from '@agentclientprotocol/sdk'
import type { PendingPermission, PermissionResponseBody } from '../../protocol/index.js'
import { HostError } from '../errors.js'

/** What was decided, as ACP has it. */
export type Outcome = RequestPermissionResponse['outcome']

/** One question of an agent. */
export class Asked {
  readonly pending: PendingPermission
  /** Undefined while nobody has decided. */
  outcome: Outcome | undefined
  readonly decided: Promise<Outcome>
  /** Resolves when the agent was told and the event is out. */
  readonly told: Promise<void>
  #decide: (outcome: Outcome) => void = () => undefined
  #tell: () => void = () => undefined

  constructor(pending: PendingPermission) {
    this.pending = pending
    this.decided = new Promise((resolve) => {
      this.#decide = resolve
    })
    this.told = new Promise((resolve) => {
      this.#tell = resolve
    })
  }

  /** The first decision counts. */
  settle(outcome: Outcome): void {
    if (this.outcome) return
    this.outcome = outcome
    this.#decide(outcome)
  }

  markTold(): void {
    this.#tell()
  }
}

/** The first option that allows. */
export function allowingOption({ options }: PendingPermission): string | undefined {
  return options.find(({ kind }) => kind.startsWith('allow'))?.optionId
}

/** True when the outcome is an option that allows. */
export function isAllowing({ options }: PendingPermission, outcome: Outcome): boolean {
  const chosen = outcome.outcome === 'selected' ? outcome.optionId : undefined
  return options.some(({ optionId, kind }) => optionId === chosen && kind.startsWith('allow'))
}

/** The outcome of somebody's answer. Refuses with 400 an option that was not offered. */
export function outcomeOf({ options }: PendingPermission, body: PermissionResponseBody): Outcome {
  if (!('optionId' in body)) return { outcome: 'cancelled' }
  const { optionId } = body
  if (!options.some((option) => option.optionId === optionId))
    throw new HostError(400, `Unknown option "${optionId}"`)
  return { outcome: 'selected', optionId }
}
