import type { SimWorld } from '@parley/relay/protocol'
import { Section } from '../../threads/detail/section.js'
import { optionsOf } from '../model/sim.js'

/** What the agents behind the bot offer as commands: one types them in the conversation. */
export function Commands({ world: { commands } }: { world: SimWorld }) {
  return (
    <Section title="Commands">
      <ul className="divide-y divide-line">
        {commands.map((command) => (
          <li key={command.name} data-testid="sim-command" className="px-4 py-2">
            <p className="font-mono text-xs font-medium [overflow-wrap:anywhere]">
              /{command.name}{' '}
              {optionsOf(command)
                .map((name) => `<${name}>`)
                .join(' ')}
            </p>
            <p className="hint [overflow-wrap:anywhere]">{command.description}</p>
          </li>
        ))}
      </ul>
    </Section>
  )
}
