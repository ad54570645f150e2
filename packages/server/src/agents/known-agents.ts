/** A program that speaks the Agent Client Protocol. */
export type KnownAgent = { id: string; name: string; command: string; args: readonly string[] }

/** What is offered when its command is on the PATH. Everything else is named in the file of `PARLEY_AGENTS`. */
export const knownAgents: readonly KnownAgent[] = [
  { id: 'claude', name: 'Claude', command: 'claude-agent-acp', args: [] },
  { id: 'claude-code', name: 'Claude Code', command: 'claude-code-acp', args: [] },
  { id: 'codex', name: 'Codex', command: 'codex-acp', args: [] },
  { id: 'gemini', name: 'Gemini', command: 'gemini', args: ['--experimental-acp'] },
  { id: 'goose', name: 'Goose', command: 'goose', args: ['acp'] },
  { id: 'opencode', name: 'OpenCode', command: 'opencode', args: ['acp'] },
  { id: 'qwen', name: 'Qwen Code', command: 'qwen', args: ['--acp'] },
]
