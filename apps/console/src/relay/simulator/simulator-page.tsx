import { useParams } from '@tanstack/react-router'
import { Problem } from '../../api/problem.js'
import { BackLink } from '../../ui/back-link.js'
import { EmptyState } from '../../ui/empty-state.js'
import { Loading } from '../../ui/loading.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { useBots } from '../live/use-relay.js'
import { botName } from '../model/bot.js'
import { Simulator } from './simulator.js'
import { useWorld } from './use-sim.js'
import '../../styles/relay/index.css'

/** One simulated platform, chatted on as several people. */
export function SimulatorPage() {
  const { platform, botId } = useParams({ from: '/shell/simulator/$platform/$botId/chat' })
  const bot = { platform, botId }
  const world = useWorld(bot)
  const view = useBots().data?.find((one) => one.platform === platform && one.botId === botId)
  if (world.error instanceof Problem && world.error.status === 404) return <Unknown />
  if (!world.data)
    return world.error ? (
      <ProblemNotice error={world.error} retry={() => void world.refetch()} />
    ) : (
      <Loading rows={5} />
    )
  return <Simulator key={botName(bot)} bot={bot} view={view} world={world.data} />
}

function Unknown() {
  return (
    <>
      <BackLink to="/simulator">Simulator</BackLink>
      <EmptyState title="No such simulated bot.">
        It was removed, it is switched off, or it is a real one.
      </EmptyState>
    </>
  )
}
