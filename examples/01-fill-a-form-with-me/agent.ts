// What an assistant does with the prompt, for those who have none at hand: `node dist/agent.js < prompt.txt`.
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { HandshakeAgent } from '@parley/handshake/agent'

/** What this agent knows about the person. */
const facts: Record<string, unknown> = {
  name: 'Kim Example',
  city: 'Bergen',
  born: 1990,
  branch: 'harbour',
  likes: 'Maps, and books about the sea',
}

/** Reads the form, and fills in what is blank and known. Answers the keys that the page took. */
export async function fillForm(prompt: string, intervalMs = 300): Promise<string[]> {
  const agent = HandshakeAgent.fromPrompt(prompt)
  const state = await agent.getContext()
  if (!('schema' in state)) throw new Error('this handshake is no form')
  const { schema, context } = state as FormState
  const blank = schema.map(({ key }) => key).filter((key) => !context[key]?.value)
  const values = Object.fromEntries(blank.filter((key) => key in facts).map((key) => [key, facts[key]]))
  const { applied } = await agent.action(values, { intervalMs })
  return applied
}

type FormState = { schema: { key: string }[]; context: Record<string, { value?: unknown }> }

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const applied = await fillForm(await text(process.stdin))
  console.info(`filled: ${applied.join(', ')}`)
}
