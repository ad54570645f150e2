import type { Clock } from '../../ids/index.js'
import type { Append, Draft, Log } from '../../log/index.js'
import { type Identity, systemPrincipal, toIdentity } from '../../principal/index.js'
import type { Decision, DecisionDraft, DecisionHandler, Decisions, OpenDecision } from '../port.js'

/** One node with a clock of its own that moves when told to. All clocks begin at the same time. */
export type DecisionsNode = {
  decisions: Decisions
  log: Log
  clock: Clock & { advance(ms: number): Promise<void> }
}

/** A ground with its nodes. Limits are the defaults. */
export type DecisionsGround = { node(): Promise<DecisionsNode>; close(): Promise<void> }

/** A promise, tried with two nodes; `ground` opens more. */
export type Case = (a: DecisionsNode, b: DecisionsNode, ground: DecisionsGround) => Promise<void>

export const room = 'room:1'

const user = (id: string): Identity => ({ kind: 'user', id, name: id.toUpperCase(), tenant: { org: 'acme' } })
export const [ann, ben, cem] = [user('ann'), user('ben'), user('cem')]
export const agent: Identity = { kind: 'assistant', id: 'agent' }
const system = toIdentity(systemPrincipal)

export const draftOf = (over: Partial<DecisionDraft> = {}): DecisionDraft => ({
  stream: room,
  kind: 'permission',
  question: {
    title: 'May I delete “ß🙂”?',
    options: [
      { id: 'yes', label: 'Yes', kind: 'allow_once' },
      { id: 'no', label: 'No' },
    ],
  },
  asker: agent,
  ...over,
})

/** Events that say what became of a decision, and who the node thinks did it. */
export const told =
  (actor: Identity) =>
  ({ id, state }: Decision): Draft[] => [{ type: `decision.${state}`, actor, body: { id } }]

export const ask = ({ decisions }: DecisionsNode, over?: Partial<DecisionDraft>): Promise<OpenDecision> =>
  decisions.ask(draftOf(over), told(agent))

export const answer = ({ decisions }: DecisionsNode, id: string, by: Identity, option = 'yes') =>
  decisions.answer(id, { answer: { option }, by }, told(by))

/** `<type> <decision>` of every event, and who acted where it matters. */
export const eventsOf = async ({ log }: DecisionsNode, stream = room): Promise<string[]> =>
  (await log.read(stream, { after: 0 })).events.map(({ type, body }) => `${type} ${JSON.parse(body).id}`)

export const handler: DecisionHandler = {
  expired: (decision): Append[] => [{ stream: decision.stream, drafts: told(system)(decision) }],
}

/** Microseconds from now on the node's clock. */
export const inMs = ({ clock }: DecisionsNode, ms: number): number => clock.micros() + ms * 1000
