import type { Ground } from '@parley/kernel/ground'
import type { Log, Unit } from '@parley/kernel/log'
import { eventually } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import type { BotIdentity } from '../../protocol/index.js'
import type { EntryRow, InstanceKey } from '../../store/port.js'
import { createBuffers } from '../buffers/index.js'
import type { Buffers, Gateway, GatewayLink, RelayDeps } from '../deps.js'
import { newInstance } from '../new-instance.js'
import type { RelayOptions } from '../options.js'
import { openDeps } from '../rooms.test.support.js'
import { createDeliveries } from './index.js'

export const key: InstanceKey = { tenant: 'org-17', instanceId: 'i1' }

/** One node's buffers and deliveries. */
export type Node = {
  deps: RelayDeps & { faults: unknown[] }
  ground: Ground
  buffers: Buffers
  deliveries: ReturnType<typeof createDeliveries>
  /** Instances that were to be poked, in order. */
  woken: InstanceKey[]
  /** Adds an instance with a gateway of the same name. */
  addInstance(key: InstanceKey): Promise<void>
  /** Receives messages with these texts for an instance, each in a unit of its own. */
  receive(key: InstanceKey, ...texts: string[]): Promise<string[]>
  receiveForward(key: InstanceKey, text: string): Promise<string>
  /** What waits for an instance. */
  pending(key: InstanceKey): Promise<EntryRow[]>
}

export type NodeOptions = RelayOptions & { commit?(commit: Log['commit']): Log['commit'] }

/** Stopped when the test is over; the ground stays open. */
export async function startNode(given: Ground, { commit, ...options }: NodeOptions = {}): Promise<Node> {
  const log = commit ? withCommit(given.log, commit(given.log.commit.bind(given.log))) : given.log
  const ground = { ...given, log }
  const deps = await openDeps(ground, options)
  const woken: InstanceKey[] = []
  const waker = { wake: (keys: readonly InstanceKey[]) => void woken.push(...keys) }
  const buffers = createBuffers(deps, { waker })
  const deliveries = createDeliveries(deps, { waker })
  await deliveries.start()
  onTestFinished(() => deliveries.stop())

  const streamOf = ({ tenant, instanceId }: InstanceKey) => `relay-buffer:${tenant}/${instanceId}`
  const receiveFrame = async (key: InstanceKey, entry: Parameters<Buffers['append']>[1]) => {
    const { bufferId, ops, append } = buffers.append({ key, stream: streamOf(key) }, entry)!
    const unit: Unit = { ops, appends: [append] }
    const { outcome } = await ground.log.commit(unit)
    if (outcome !== 'committed') throw new Error(`The unit was ${outcome}.`)
    buffers.appended([key])
    return bufferId
  }
  return {
    deps,
    ground,
    buffers,
    deliveries,
    woken,
    addInstance: async (key) => {
      const row = newInstance(key, streamOf(key), 1)
      const gateway = gatewayRow(key)
      const ops = [deps.store.instances.insert(row), deps.store.gateways.insert(gateway)]
      await ground.log.commit({ ops, appends: [] })
    },
    receive: async (key, ...texts) => {
      const ids: string[] = []
      for (const text of texts)
        ids.push(await receiveFrame(key, { kind: 'inbound', frame: { type: 'inbound', event: { text } } }))
      return ids
    },
    receiveForward: (key, text) =>
      receiveFrame(key, { kind: 'passthrough', frame: { type: 'passthrough_forward', forward: { text } } }),
    pending: (key) => deps.store.entries.list(key, { after: 0, limit: 1_000 }),
  }
}

const withCommit = (log: Log, commit: Log['commit']): Log =>
  new Proxy(log, { get: (target, name) => (name === 'commit' ? commit : Reflect.get(target, name)) })

/** The gateway of an instance: its id is the instance's behind the tenant's. */
export const gatewayOf = ({ tenant, instanceId }: InstanceKey): Gateway => ({
  tenant,
  instanceId,
  gatewayId: `gw-${tenant}-${instanceId}`,
})

const gatewayRow = (key: InstanceKey) => ({
  ...gatewayOf(key),
  secrets: [],
  createdAt: 1,
  revokedAt: null,
  lastSeenAt: null,
})

type Frame = {
  type: string
  bufferId?: string
  event?: { text: string }
  forward?: { text: string }
} & Record<string, unknown>

/** A gateway's socket without a network. */
export class FakeLink implements GatewayLink {
  static #made = 0
  readonly id = `link-${++FakeLink.#made}`
  readonly advertised: BotIdentity[] = [{ platform: 'discord', botId: 'b1' }]
  readonly gateway: Gateway
  readonly frames: Frame[] = []
  isOpen = true
  closedWith: { code: number; reason: string } | undefined
  readonly #node: Node
  readonly #acks: number
  #isCongested = false
  #drained: (() => void)[] = []

  /** Acknowledges as many entries as `acks` says, at once; default none. */
  constructor(node: Node, key: InstanceKey, { acks = 0 }: { acks?: number } = {}) {
    this.gateway = gatewayOf(key)
    this.#node = node
    this.#acks = acks
  }

  get isCongested(): boolean {
    return this.#isCongested
  }

  /** Texts of what was sent, in order. */
  get texts(): string[] {
    return this.frames.flatMap(({ event, forward }) => (event ?? forward)?.text ?? [])
  }

  /** Ids of what was sent, in order. */
  get bufferIds(): string[] {
    return this.frames.flatMap(({ bufferId }) => bufferId ?? [])
  }

  send(text: string): void {
    if (!this.isOpen) return
    // The cast: what the plane sends are frames.
    const frame = JSON.parse(text) as Frame
    this.frames.push(frame)
    if (frame.bufferId !== undefined && this.texts.length <= this.#acks) void this.ack(frame.bufferId)
  }

  /** From now on what is sent waits, until it is taken. */
  congest(isCongested: boolean): void {
    this.#isCongested = isCongested
    if (isCongested) return
    for (const resolve of this.#drained) resolve()
    this.#drained = []
  }

  async drained(): Promise<void> {
    if (this.#isCongested && this.isOpen) await new Promise<void>((resolve) => this.#drained.push(resolve))
  }

  close(code: number, reason: string): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.closedWith = { code, reason }
    this.congest(false)
    void this.#node.deliveries.detach(this)
  }

  /** The connection is lost; resolves when the node has dealt with it. */
  async cut(): Promise<void> {
    this.isOpen = false
    this.congest(false)
    await this.#node.deliveries.detach(this)
  }

  ack(bufferId: string): Promise<void> {
    return this.#node.deliveries.ack(this, bufferId)
  }

  /** Waits until this many entries were sent. */
  async got(count: number): Promise<string[]> {
    await eventually(() => this.texts.length >= count)
    return this.texts
  }
}

/** A link to which the node delivers. */
export async function attached(
  node: Node,
  key: InstanceKey,
  options: { acks?: number } = {},
): Promise<FakeLink> {
  const link = new FakeLink(node, key, options)
  await node.deliveries.attach(link)
  return link
}

/** Lets everything settle that could still send something: a change made now is seen by a pump in the end. */
export async function quiet({ ground }: Pick<Node, 'ground'>): Promise<void> {
  for (let round = 0; round < 5; round++) {
    await ground.log.read('nobody:here', { after: 0 })
    await new Promise((resolve) => setImmediate(resolve))
  }
}
