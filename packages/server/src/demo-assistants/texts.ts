// What `guide` says. Markdown, as assistants write it.

export const help = `I am **guide**, a scripted assistant: no model, no network, no account. Ask me for

- \`code\` — an answer with a block of code
- \`picture\` — an image that this server serves
- \`form\` — a form that you fill in, and I read
- \`tool\` — a call of a tool that waits for your approval
- \`slow\` — a long answer, so that you can stop me while I write

Anything else gets a short answer. **echo** repeats what it is told.
`

export const code = `A browser joins a room with a few lines:

\`\`\`ts
import { io } from 'socket.io-client'

const socket = io(url, { auth: { token } })
await socket.emitWithAck('thread:join', { thread_id: threadId })
socket.on('event', (event) => show(event))
\`\`\`

Give \`thread:join\` a \`since\`, and it replays what you missed before anything new.
`

export const picture = 'People on the left, assistants on the right, one log between them:'

export const form = {
  title: 'Plan an evening',
  description: 'Whoever answers first, answers for the room.',
  schema: {
    type: 'object',
    properties: {
      what: { type: 'string', title: 'What shall we do?', enum: ['cinema', 'dinner', 'a walk'] },
      guests: { type: 'integer', title: 'How many come?', minimum: 1, maximum: 20 },
      note: { type: 'string', title: 'Anything else?', maxLength: 200 },
    },
    required: ['what', 'guests'],
  },
}

/** The answers are shown as code: what people type is not Markdown of ours. */
export const formRead = (values: unknown): string =>
  `Thank you. This is what I read:\n\n\`\`\`json\n${JSON.stringify(values, null, 2)}\n\`\`\``

export const formLeft = 'Nobody filled it in, so I plan nothing. Say `form` to be asked again.'

export const toolCall = { name: 'weather', arguments: { city: 'Lisbon' } }
export const weather = { city: 'Lisbon', celsius: 21, sky: 'clear' }
export const toolUsed = 'In **Lisbon** it is 21 °C under a clear sky. (The tool is scripted too.)'

export const toolRefused = (reason: string | null): string =>
  `Then I do without the weather.${reason ? ` You said:\n\n> ${reason.replace(/\s+/g, ' ').slice(0, 200)}` : ''}`

export const slow = `You have time to press *stop*. ${Array.from(
  { length: 12 },
  (_, n) =>
    `This is sentence ${n + 1} of twelve, and every word of it reaches the room as soon as it is written.`,
).join(' ')}`

/** An answer to anything; `asked` is shown as a quotation. */
export const anything = (asked: string): string => {
  const quotation = asked.replace(/\s+/g, ' ').slice(0, 200)
  return `${quotation ? `> ${quotation}\n\n` : ''}I am scripted, so I can't answer that in earnest. Say \`help\` to see what I can show.`
}
