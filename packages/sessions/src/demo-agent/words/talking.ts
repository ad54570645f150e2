import type { PlanEntryStatus } from '@agentclientprotocol/sdk'
import type { Turn, Word } from '../turn.js'

const steps = ['Look around', 'Change what is wrong', 'Run the tests']

/** What an agent shows of its work. */
export const talking: Record<string, Word> = {
  echo: {
    takes: 'TEXT',
    does: 'says it',
    run: async (turn) => void (await turn.say(turn.rest)),
  },
  think: {
    takes: '',
    does: 'thinks aloud, then answers',
    run: async (turn) => {
      for (const text of ['What is being asked? ', 'Nothing in particular.'])
        await turn.update({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text } })
      await turn.say('I thought about it.')
    },
  },
  plan: {
    takes: '',
    does: 'makes a plan of three steps and works through it',
    run: async (turn) => {
      for (let done = 0; done <= steps.length; done++) await showPlan(turn, done)
      await turn.say('Done.')
    },
  },
  tool: {
    takes: '',
    does: 'shows a tool call with a diff and its output',
    run: async (turn) => {
      await runTool(turn)
      await turn.say('The greeting is friendlier now.')
    },
  },
  mode: {
    takes: 'NAME',
    does: 'switches its mode by itself',
    run: async (turn) =>
      turn.update({ sessionUpdate: 'current_mode_update', currentModeId: turn.args[0] ?? 'code' }).then(),
  },
  commands: {
    takes: '',
    does: 'offers two slash commands',
    run: async (turn) => {
      const review = { name: 'review', description: 'Reads the changes' }
      const test = { name: 'test', description: 'Runs the tests', input: { hint: 'a file' } }
      await turn.update({ sessionUpdate: 'available_commands_update', availableCommands: [review, test] })
    },
  },
}

function showPlan(turn: Turn, done: number): Promise<void> {
  const statusOf = (index: number): PlanEntryStatus =>
    index < done ? 'completed' : index === done ? 'in_progress' : 'pending'
  const entries = steps.map((content, index) => ({
    content,
    priority: 'medium' as const,
    status: statusOf(index),
  }))
  return turn.update({ sessionUpdate: 'plan', entries })
}

async function runTool(turn: Turn): Promise<void> {
  const toolCallId = 'call-1'
  const path = `${turn.cwd}/greeting.txt`
  await turn.update({
    sessionUpdate: 'tool_call',
    toolCallId,
    title: 'Edit greeting.txt',
    kind: 'edit',
    status: 'pending',
    locations: [{ path, line: 1 }],
    rawInput: { path },
  })
  await turn.update({ sessionUpdate: 'tool_call_update', toolCallId, status: 'in_progress' })
  await turn.update({
    sessionUpdate: 'tool_call_update',
    toolCallId,
    status: 'completed',
    content: [
      { type: 'diff', path, oldText: 'Hello.\n', newText: 'Hello, and welcome.\n' },
      { type: 'content', content: { type: 'text', text: '1 line changed' } },
    ],
  })
}
