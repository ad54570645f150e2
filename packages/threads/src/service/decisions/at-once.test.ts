import { isParleyError } from '@parley/kernel/errors'
import { eventually, testGrounds } from '@parley/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createThreads, type Threads } from '../../create.js'
import { assistant, type ThreadEvent, text, user } from '../../protocol/index.js'
import { toCaller } from '../caller.js'
import type { ThreadsOptions } from '../options.js'
import type { AssistantHandler } from '../runs/handler.js'
import { answerPart, formPart } from './decisions.test.support.js'

const people = Array.from({ length: 50 }, (_, n) => user({ id: `u_${n}`, name: `u_${n}` }))
const callers = people.map((person) => toCaller(person, []))
const clerk = assistant({ id: 'clerk', name: 'clerk' })

const ask: AssistantHandler = async function* (ctx, send) {
  const form = yield send.message([formPart()])
  const { status, by } = await ctx.answer(form)
  const call = send.toolCall({ name: 'x', arguments: 1, id: 'c1', metadata: { approval: 'required' } })
  yield call
  const verdict = await ctx.approval(call)
  yield send.message([text(`${status} ${by?.id} ${verdict.status} ${verdict.by?.id}`)])
}

for (const { name, open } of await testGrounds())
  describe(name, () => {
    /** A room with fifty people in it, and a node on which the assistant runs. */
    async function openRoom() {
      const { ground, another, close } = await open()
      const nodes: Threads[] = []
      onTestFinished(async () => {
        await Promise.all(nodes.map((node) => node.stop()))
        await close()
      })
      const openNode = async (on: NonNullable<ThreadsOptions['ground']>) => {
        const node = createThreads({ ground: on, authenticate: () => null })
        nodes.push(node)
        await node.ready
        return node
      }
      const node = await openNode(ground)
      node.assistant('clerk', ask)
      const service = await node.service()
      const { id } = await service.createThread(callers[0]!, {})
      for (const identity of [...people.slice(1), clerk])
        await service.addMember(callers[0]!, id, () => ({ identity, role: 'member' }))
      const events = async () => {
        const page = await service.readEvents(callers[0]!, id, () => ({ limit: 500, order: 'asc' }))
        // The cast: pages are JSON of events.
        return (JSON.parse(page) as { items: ThreadEvent[] }).items
      }
      const found = (type: string, count = 1) =>
        eventually(async () => (await events()).filter((event) => event.type === type)[count - 1] ?? false)
      return { service, id, found, events, other: another && (async () => openNode(await another())) }
    }

    /** Does it once for each person, all at once; answers who won, and what the others were told. */
    async function race(act: (caller: (typeof callers)[number]) => Promise<unknown>) {
      const results = await Promise.allSettled(callers.map(act))
      const winners = results.flatMap(({ status }, n) => (status === 'fulfilled' ? [people[n]!.id] : []))
      const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
      const told = new Set(refusals.map((error) => (isParleyError(error) ? error.message : error)))
      return { winners, told: [...told] }
    }

    test('of fifty answers at once one counts, and the others are told whose', async () => {
      const { service, id, found, events, other } = await openRoom()
      const elsewhere = other && (await (await other()).service())
      await service.invoke(callers[0]!, id, () => ({ assistantIds: ['clerk'], ifActive: 'return' }))
      const form = await found('message')
      const at = (n: number) => (n % 2 && elsewhere) || service

      const answers = await race((caller) =>
        at(callers.indexOf(caller)).sendMessage(caller, id, () => ({ content: [answerPart(form.id)] })),
      )
      await found('tool.call')
      const verdicts = await race((caller) => {
        const decide = callers.indexOf(caller) % 3 ? 'approve' : 'reject'
        return at(callers.indexOf(caller)).decideToolCall(caller, id, { callId: 'c1', decide }, () => ({
          reason: null,
        }))
      })
      await found('run.completed')

      const [answerer, decider] = [answers.winners[0], verdicts.winners[0]]
      const done = Number(decider!.slice(2)) % 3 ? 'approved' : 'rejected'
      expect([answers.winners.length, verdicts.winners.length]).toEqual([1, 1])
      expect(answers.told).toEqual([`this form was answered by ${answerer}`])
      expect(verdicts.told).toEqual([`this tool call was ${done} by ${decider}`])
      const messages = (await events()).filter(({ type }) => type === 'message')
      expect(messages).toHaveLength(3)
      expect(messages[2]).toMatchObject({
        content: [{ text: `submitted ${answerer} ${done} ${decider}` }],
      })
    })

    test('one answer sent fifty times at once is stored once, and answered fifty times', async () => {
      const { service, id, events } = await openRoom()
      const asked = await service.sendMessage(callers[0]!, id, () => ({ content: [formPart()] }))
      const content = [answerPart(asked.event.id)]

      const sent = await Promise.all(
        callers.map(() => service.sendMessage(callers[1]!, id, () => ({ client_id: 'a', content }))),
      )

      expect(new Set(sent.map(({ event }) => event.id)).size).toBe(1)
      expect(sent.filter(({ isNew }) => isNew)).toHaveLength(1)
      expect((await events()).filter(({ type }) => type === 'message')).toHaveLength(2)
    })
  })
