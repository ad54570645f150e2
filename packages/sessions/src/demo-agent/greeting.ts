/** The answer to a prompt that begins with no known word, in Markdown. */
export function greeting(text: string): string {
  const quoted = text.length > 80 ? `${text.slice(0, 80)}…` : text
  return `You said: *${quoted.replaceAll(/[*_`\n]/g, ' ')}*

I am a **demo agent**. There is no model behind me; I do what the first word of a prompt says:

- \`plan\`, \`think\` and \`tool\` show how work looks
- \`ask\` asks for a permission
- \`read PATH\`, \`write PATH TEXT\` and \`run COMMAND\` use your workspace
- \`wait\` does nothing until you cancel it

\`\`\`sh
parley-demo-agent --help
\`\`\`
`
}
