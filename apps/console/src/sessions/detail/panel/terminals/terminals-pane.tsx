import type { TerminalSession } from '@parley/sessions/client'
import type { Session } from '@parley/sessions/protocol'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { CloseIcon, PlusIcon } from '../../../../ui/icons.js'
import { ProblemNotice } from '../../../../ui/problem-notice.js'
import { asProblem, told } from '../../../client/problems.js'
import { baseName } from '../../../model/paths.js'
import { useAgentTerminals } from '../../session-context.js'
import { AgentTerminal } from './agent-terminal.js'
import { OwnTerminal } from './own-terminal.js'
import { useTerminals } from './use-terminals.js'

type Listed = { terminal: TerminalSession; isAgents: boolean }

/** Terminals: those that people opened, to be typed in, and those of the agent, to be read. */
export default function TerminalsPane({ session, isEnded }: { session: Session; isEnded: boolean }) {
  const { live, state } = useTerminals(isEnded ? undefined : session.websocketUrl)
  const ofAgent = useAgentTerminals()
  const [chosen, setChosen] = useState<string | undefined>(undefined)
  const open = useMutation({
    mutationFn: () => {
      if (!live) throw new Error('There is no connection yet.')
      return told(live.create({ sessionId: session.id }))
    },
    onSuccess: setChosen,
  })
  const listed: Listed[] = [
    ...state.terminals.map((terminal) => ({ terminal, isAgents: false })),
    ...ofAgent.map((terminal) => ({ terminal, isAgents: true })),
  ]
  const shown = listed.find(({ terminal }) => terminal.terminalId === chosen) ?? listed.at(0)
  return (
    <div className="terminals">
      <div className="terminal-tabs">
        <div role="tablist" aria-label="Terminals" className="terminal-list">
          {listed.map((one) => (
            <Tab
              key={one.terminal.terminalId}
              one={one}
              isShown={one === shown}
              choose={() => setChosen(one.terminal.terminalId)}
              close={
                one.isAgents || !live
                  ? undefined
                  : () => {
                      live.kill(one.terminal.terminalId)
                      setChosen(undefined)
                    }
              }
            />
          ))}
        </div>
        {!isEnded && (
          <button
            type="button"
            className="btn btn-quiet shrink-0 px-2"
            disabled={open.isPending || state.status !== 'connected'}
            onClick={() => open.mutate()}
          >
            <PlusIcon />
            New terminal
          </button>
        )}
      </div>
      {(state.error ?? open.error) && <ProblemNotice error={asProblem(state.error ?? open.error)} />}
      {!shown && (
        <p className="hint px-2 py-6 text-center">
          {isEnded ? 'There were no terminals.' : 'No terminals are open.'}
        </p>
      )}
      {shown?.isAgents && <AgentTerminal key={shown.terminal.terminalId} terminal={shown.terminal} />}
      {shown && !shown.isAgents && live && (
        <OwnTerminal
          key={shown.terminal.terminalId}
          terminal={shown.terminal}
          terminals={live}
          isConnected={state.status === 'connected'}
        />
      )}
    </div>
  )
}

type TabProps = { one: Listed; isShown: boolean; choose: () => void; close: (() => void) | undefined }

function Tab({ one: { terminal, isAgents }, isShown, choose, close }: TabProps) {
  const { command, exitCode } = terminal
  const name = baseName(command.split(' ')[0] ?? '') || 'terminal'
  return (
    <span className="terminal-tab" data-shown={isShown} data-over={exitCode !== null}>
      <button type="button" role="tab" aria-selected={isShown} title={command} onClick={choose}>
        {isAgents && <span className="badge badge-agent">agent</span>}
        <span className="max-w-28 truncate">{name}</span>
        {exitCode !== null && <span className="text-soft">({exitCode})</span>}
      </button>
      {close && (
        <button type="button" aria-label={`End ${name}`} onClick={close}>
          <CloseIcon />
        </button>
      )}
    </span>
  )
}
