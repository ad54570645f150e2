import type { Clock } from '@parley/kernel/ids'
import type { DiscordApi, Route } from './api.js'
import { type Channel, type Guild, isId, type Member } from './objects.js'

/** `hidden`: it may be there, the bot must not see it. `unknown`: Discord could not be asked. */
export type Found<T> =
  | { outcome: 'found'; value: T }
  | { outcome: 'absent' }
  | { outcome: 'hidden' }
  | { outcome: 'unknown' }

/** How long an answer is believed: whoever loses a role loses their view within this time. */
const believedMs = 30_000
const maxAnswers = 2_000

/** Asks Discord for what is needed again and again; remembers the answers for a while, failures not. */
export class Lookups {
  readonly #api: DiscordApi
  readonly #clock: Clock
  readonly #answers = new Map<string, { until: number; answer: Promise<Found<unknown>> }>()

  constructor(api: DiscordApi, clock: Clock) {
    this.#api = api
    this.#clock = clock
  }

  channel(id: string): Promise<Found<Channel>> {
    return this.#get([id], `/channels/${id}`)
  }

  guild(id: string): Promise<Found<Guild>> {
    return this.#get([id], `/guilds/${id}`)
  }

  member(guildId: string, userId: string): Promise<Found<Member>> {
    return this.#get([guildId, userId], `/guilds/${guildId}/members/${userId}`)
  }

  threadMember(threadId: string, userId: string): Promise<Found<unknown>> {
    return this.#get([threadId, userId], `/channels/${threadId}/thread-members/${userId}`)
  }

  async #get<T>(ids: readonly string[], route: Route): Promise<Found<T>> {
    if (!ids.every(isId)) return { outcome: 'absent' }
    const now = this.#clock.now()
    const known = this.#answers.get(route)
    // OUTSIDE: one route always answers with one shape.
    if (known && known.until > now) return (await known.answer) as Found<T>
    const answer = this.#ask<T>(route)
    this.#remember(route, { until: now + believedMs, answer })
    return await answer
  }

  async #ask<T>(route: Route): Promise<Found<T>> {
    const answer = await this.#api.read<T>(route)
    if (answer.outcome === 'ok') return { outcome: 'found', value: answer.value }
    if (answer.outcome === 'refused' && answer.status === 404) return { outcome: 'absent' }
    if (answer.outcome === 'refused' && answer.status === 403) return { outcome: 'hidden' }
    this.#answers.delete(route)
    return { outcome: 'unknown' }
  }

  #remember(route: string, answer: { until: number; answer: Promise<Found<unknown>> }): void {
    this.#answers.delete(route)
    this.#answers.set(route, answer)
    // The oldest is the first of a map.
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= maxAnswers) break
      this.#answers.delete(oldest)
    }
  }
}
