import type { InstanceView } from '@parley/relay/protocol'
import { useState } from 'react'
import { Choice } from '../../ui/choice.js'
import { useBots } from '../live/use-relay.js'

/** An agent and a platform, chosen from those that there are. */
export function useLinkFields(instances: readonly InstanceView[]) {
  const [chosenAgent, setAgent] = useState('')
  const [chosenPlatform, setPlatform] = useState('')
  const bots = useBots().data ?? []
  const agent = instances.find(({ instanceId }) => instanceId === chosenAgent) ?? instances[0]
  const fronted = agent?.bots.length ? agent.bots : bots
  const platforms = [...new Set(fronted.map((bot) => bot.platform))]
  const platform = platforms.includes(chosenPlatform) ? chosenPlatform : (platforms[0] ?? '')
  const fields = (
    <>
      <Choice
        label="Agent"
        value={agent?.instanceId ?? ''}
        onChange={setAgent}
        options={instances.map(({ instanceId, displayName }) => ({
          value: instanceId,
          label: displayName ? `${displayName} (${instanceId})` : instanceId,
        }))}
      />
      <Choice
        label="Platform"
        value={platform}
        onChange={setPlatform}
        options={platforms.map((value) => ({ value, label: value }))}
        hint={platforms.length === 0 ? 'There is no bot yet.' : undefined}
      />
    </>
  )
  return { instanceId: agent?.instanceId ?? '', platform, fields }
}
