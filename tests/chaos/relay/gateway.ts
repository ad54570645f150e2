import { setTimeout as sleep } from 'node:timers/promises'
import type { BotIdentity, MessageEvent } from '@parley/relay'
import type { Random } from '../../fuzz/random.js'
import { bots, type Member } from './cast.js'
import type { Asked } from './evidence.js'
import { LibraryLife } from './library-life.js'
import type { Life } from './life.js'
import { RawLife } from './raw-life.js'
import { Sockets, Wire } from './wire.js'

export type GatewayOptions = {
  member: Member
  secret: string
  url: string
  random: Random
  /** On the library; otherwise a raw client. */
  isOnLibrary: boolean
  /** A chat of another tenant, which it has no business with. */
  foreign: { bot: BotIdentity; chatId: string }
  /** Longest time between two changes of its state. */
  stayMs: number
}

const odds = { answer: 0.6, again: 0.2, foreign: 0.02, keep: 0.03 }
const longestAckMs = 150
const vanishMs = 15_000

/** A gateway that comes, goes idle, dies and returns, and remembers in this process what it has taken. */
export class Gateway {
  readonly wire = new Wire()
  readonly asked: Asked[] = []
  readonly #options: GatewayOptions
  readonly #taken = new Set<string>()
  readonly #under = new Set<Promise<void>>()
  readonly #calm = new AbortController()
  #life: Life
  #texts = 0
  /** How often it went, and how. */
  readonly figures = { deaths: 0, idles: 0, twins: 0 }

  constructor(options: GatewayOptions) {
    this.#options = options
    this.#life = this.#born()
  }

  get member(): Member {
    return this.#options.member
  }

  /** Lives until `stop`. */
  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const isOpen = await this.#life.open()
      if (!isOpen) {
        await this.#pause(300 + this.#options.random.below(700), stop)
        continue
      }
      await this.#stay(stop)
      if (stop.aborted) break
      if (!this.#calm.signal.aborted) await this.#change(stop)
    }
    this.#life.kill()
  }

  /** From now on it behaves: it stays, acknowledges everything and asks for nothing. */
  calm(): void {
    this.#calm.abort()
  }

  /** Dies, and comes back. */
  restart(): void {
    this.#life.kill()
    this.#life = this.#born()
  }

  /** Resolves when everything that it asked for was answered. */
  async answered(): Promise<void> {
    while (this.#under.size > 0) await Promise.all(this.#under)
  }

  /** Stays where it is for a while; a calm one as long as the connection lasts. */
  async #stay(stop: AbortSignal): Promise<void> {
    const { random, stayMs } = this.#options
    await this.#pause(1_000 + random.below(stayMs), AbortSignal.any([stop, this.#calm.signal]))
    if (this.#calm.signal.aborted) await this.#pause(500, stop)
  }

  async #change(stop: AbortSignal): Promise<void> {
    const { random } = this.#options
    const chance = random.below(100)
    if (chance < 35) {
      this.figures.idles += 1
      await this.#life.sleep()
    } else if (chance < 45) this.#life.cut()
    else if (chance < 55) await this.#twin(stop)
    else {
      this.figures.deaths += 1
      if (chance < 65) this.#life.vanish(vanishMs)
      else this.#life.kill()
      this.#life = this.#born()
    }
    await this.#pause(random.below(4_000), AbortSignal.any([stop, this.#calm.signal]))
  }

  /** A second process with the same credential comes, takes the events for a while, and dies: the first one has them again. */
  async #twin(stop: AbortSignal): Promise<void> {
    this.figures.twins += 1
    const twin = this.#born()
    await twin.open()
    await this.#pause(this.#options.random.below(4_000), AbortSignal.any([stop, this.#calm.signal]))
    twin.kill()
  }

  #born(): Life {
    const { member, secret, url, isOnLibrary } = this.#options
    const { gatewayId, bot } = member
    const { wire } = this
    const others = bots.filter((one) => one !== bot)
    const sockets = new Sockets(wire)
    let life: Life | undefined
    const options = {
      url,
      gatewayId,
      secret,
      bots: [bot, ...others],
      sockets,
      take: (event: MessageEvent) => this.#take(event, () => life!),
    }
    life = isOnLibrary
      ? new LibraryLife({
          ...options,
          repeated: (messageId) =>
            wire.note({ kind: 'repeated', socket: sockets.current?.number ?? 0, messageId }),
        })
      : new RawLife(options)
    return life
  }

  /** False: as if it had no room for it now. */
  async #take({ source, message_id }: MessageEvent, life: () => Life): Promise<boolean> {
    const { random } = this.#options
    const isCalm = this.#calm.signal.aborted
    // The first is acknowledged in any case: who never did is taken for a gateway that can't.
    if (!isCalm && this.#taken.size > 0 && random.chance(odds.keep)) return false
    await sleep(random.below(longestAckMs))
    const name = `${source.platform} ${source.chat_id} ${message_id}`
    if (this.#taken.has(name)) return true
    this.#taken.add(name)
    if (isCalm || life() !== this.#life) return true
    const bot = bots.find(({ platform }) => platform === source.platform)!
    const here = { bot, chatId: source.chat_id, isForeign: false }
    if (random.chance(odds.answer)) this.#ask(here)
    if (random.chance(odds.again)) this.#ask(here)
    if (random.chance(odds.foreign)) this.#ask({ ...this.#options.foreign, isForeign: true })
    return true
  }

  #ask({ bot, chatId, isForeign }: { bot: BotIdentity; chatId: string; isForeign: boolean }): void {
    const text = `${this.member.instanceId} says ${++this.#texts}`
    const { platform } = bot
    const asked: Asked = {
      text,
      platform,
      chatId,
      socket: this.#life.socket,
      told: 'unknown',
      isForeign,
    }
    this.asked.push(asked)
    const answered = this.#life
      .send({ text, bot, chatId })
      .then((told) => void Object.assign(asked, told))
      .finally(() => this.#under.delete(answered))
    this.#under.add(answered)
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    await sleep(ms, undefined, { signal }).catch(() => {})
  }
}
