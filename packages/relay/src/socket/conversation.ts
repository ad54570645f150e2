// What a gateway says, frame by frame (contract 2.6 to 2.8, 6.1, 7).

import type { JsonObject } from '@parley/kernel/wire'
import { closeCodes } from '../close-codes.js'
import { type BotIdentity, frameText, limits, type OutboundResult } from '../protocol/index.js'
import type { ConnectionLink } from './connection-link.js'
import type { SocketDeps } from './deps.js'
import { descriptorText, introduce } from './hello.js'
import { isShortText, targetOf } from './members.js'
import type { Room } from './rooms.js'

export type ConversationOptions = {
  parts: SocketDeps
  link: ConnectionLink
  room: Room
  /** Its first `hello` was accepted. */
  greeted(): void
}

const longest = { requestId: 1_024, bufferId: 256, sessionKey: 4_096, platform: 64, botId: 256 }

export class Conversation {
  readonly #options: ConversationOptions
  readonly #parts: SocketDeps
  readonly #link: ConnectionLink
  /** Of each bot it was given: what stands in a descriptor stays so for the life of a connection (3). */
  readonly #descriptors = new Map<string, string>()
  #isAttached = false
  #hasEnded = false

  constructor(options: ConversationOptions) {
    this.#options = options
    this.#parts = options.parts
    this.#link = options.link
  }

  /** Resolves when the next frame may be heard. */
  hear(frame: JsonObject): void | Promise<void> {
    // Nothing is begun on a socket that is being closed.
    if (!this.#link.isOpen) return
    this.#parts.deps.tally.count('frames.in')
    if (frame.type === 'hello') return this.#greet(frame)
    if (this.#link.advertised.length === 0) return
    switch (frame.type) {
      case 'outbound':
        return this.#act(frame)
      case 'interrupt':
        return this.#interrupt(frame)
      case 'inbound_ack':
        return this.#acknowledge(frame)
      case 'going_idle':
        return this.#goIdle()
      default:
        // Later versions, and what it echoes.
        return
    }
  }

  /** Everything that came so far was heard: delivery begins behind the descriptors of the hellos that came together. */
  heardAll(): void {
    if (this.#isAttached || this.#link.advertised.length === 0) return
    this.#isAttached = true
    setImmediate(() => {
      if (!this.#hasEnded) this.#unlessFailed(this.#parts.deliveries.attach(this.#link))
    })
  }

  /** The socket is closed. */
  end(): void {
    this.#hasEnded = true
    this.#parts.outbound.forget(this.#link)
    if (this.#isAttached) this.#unlessFailed(this.#parts.deliveries.detach(this.#link))
  }

  async #greet({ platform, botId, command_manifest: manifest }: JsonObject): Promise<void> {
    if (!isShortText(platform, longest.platform) || !isShortText(botId, longest.botId))
      return void this.#malformed()
    const { deps, bots, commands } = this.#parts
    const { tenant } = this.#link.gateway
    const introduced = await introduce(deps, bots, tenant, { platform, botId })
    if (this.#hasEnded) return
    if (!introduced) return void this.#refuse()
    const { identity } = introduced
    const name = nameOf(identity)
    const known = this.#descriptors.get(name)
    const text = known ?? descriptorText(introduced)
    if (known === undefined) {
      this.#descriptors.set(name, text)
      this.#link.advertised.push(identity)
    }
    this.#link.send(text)
    this.#options.greeted()
    if (manifest !== undefined) commands.offer(tenant, identity, manifest)
  }

  /** The first one decides; a later one is passed over. */
  #refuse(): void {
    if (this.#link.advertised.length > 0) return
    this.#link.close(closeCodes.notProvisioned, 'identity_not_provisioned')
  }

  #act(frame: JsonObject): void {
    const { requestId, action } = frame
    if (typeof requestId !== 'string') return void this.#malformed()
    if (requestId.length > longest.requestId) return void this.#refuseAction(requestId)
    const { room } = this.#options
    room.openActions += 1
    // Not awaited: results come in any order, and the reader waits for none.
    void this.#perform(requestId, action, targetOf(frame)).then((result) => {
      this.#link.send(resultText(requestId, result))
      room.openActions -= 1
      for (const socket of room.sockets) socket.wake()
    })
  }

  /** Everything is answered; an id that can't be remembered is not acted on. */
  #refuseAction(requestId: string): void {
    const text = resultText(requestId, { success: false, error: 'invalid action: requestId' })
    if (Buffer.byteLength(text) < limits.outboundMessageBytes) this.#link.send(text)
    else this.#malformed()
  }

  async #perform(requestId: string, action: unknown, target: Partial<BotIdentity>): Promise<OutboundResult> {
    try {
      return await this.#parts.outbound.perform(this.#link, { requestId, action, target })
    } catch (error) {
      this.#parts.deps.onFault(error, 'relay.socket')
      // How far it came is not known.
      return { success: false, error: 'internal error', ambiguous: true }
    }
  }

  #interrupt({ session_key: sessionKey }: JsonObject): void {
    if (!isShortText(sessionKey, longest.sessionKey) || sessionKey === '') return void this.#malformed()
    this.#unlessFailed(this.#parts.deliveries.interrupt(this.#link.gateway, sessionKey))
  }

  #acknowledge({ bufferId }: JsonObject): void {
    if (!isShortText(bufferId, longest.bufferId)) return void this.#malformed()
    this.#unlessFailed(this.#parts.deliveries.ack(this.#link, bufferId))
  }

  #goIdle(): void {
    const { deliveries } = this.#parts
    // One that fails is not acknowledged: the gateway stays awake.
    this.#unlessFailed(
      deliveries.goIdle(this.#link).then(() => this.#link.send(frameText({ type: 'going_idle_ack' }))),
    )
  }

  #malformed(): void {
    this.#parts.deps.tally.count('frames.malformed')
  }

  #unlessFailed(work: Promise<void>): void {
    work.catch((error: unknown) => this.#parts.deps.onFault(error, 'relay.socket'))
  }
}

const nameOf = ({ platform, botId }: BotIdentity): string => JSON.stringify([platform, botId])

function resultText(requestId: string, result: OutboundResult): string {
  const text = frameText({ type: 'outbound_result', requestId, result })
  if (Buffer.byteLength(text) < limits.outboundMessageBytes) return text
  const tooLarge: OutboundResult = { success: false, error: 'result too large', ambiguous: true }
  return frameText({ type: 'outbound_result', requestId, result: tooLarge })
}
