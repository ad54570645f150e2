import type { BotView } from '@parley/relay/protocol'
import { Link } from '@tanstack/react-router'
import { useMe } from '../../shell/session.js'
import { CopyButton } from '../../ui/copy-button.js'
import { botName, botTitle, isSim } from '../model/bot.js'
import { TenantChip } from '../parts/tenant-chip.js'
import { BotActions } from './bot-actions.js'
import { HealthBadge } from './health-badge.js'

/** One bot: how it does, whose it is, and what can be done with it. */
export function BotRow({ bot }: { bot: BotView }) {
  const { platform, botId, driver, health, isEnabled } = bot
  const title = botTitle(bot)
  return (
    <li data-testid="bot" data-bot={botName(bot)} className="px-5 py-4">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <span className="font-medium [overflow-wrap:anywhere]">{title}</span>
            <HealthBadge bot={bot} />
            {isSim(bot) ? <span className="badge badge-agent">simulated</span> : null}
          </p>
          <p className="hint mt-0.5 font-mono text-xs [overflow-wrap:anywhere]">{botName(bot)}</p>
          {isEnabled && health.detail && (
            <p
              className={`mt-1 text-sm [overflow-wrap:anywhere] ${health.state === 'well' ? 'text-soft' : 'text-danger'}`}
            >
              {health.detail}
            </p>
          )}
        </div>
        <div className="flex flex-wrap items-start gap-2">
          {isSim(bot) && isEnabled && (
            <Link to="/simulator/$platform/$botId/chat" params={{ platform, botId }} className="btn">
              Chat with it
            </Link>
          )}
          <BotActions bot={bot} title={title} />
        </div>
      </div>
      <dl className="mt-3 flex flex-wrap gap-x-8 gap-y-2 text-sm">
        <Part name="Driver">{driver}</Part>
        <Part name="May use it">
          <Tenants tenants={bot.tenants} none="all tenants" />
        </Part>
        <Part name="Fronted by">
          <Tenants tenants={bot.provisioned.length > 0 ? bot.provisioned : null} none="nobody yet" />
        </Part>
        {bot.edgePath && (
          <Part name="Its platform delivers to">
            <Edge path={bot.edgePath} />
          </Part>
        )}
      </dl>
    </li>
  )
}

function Part({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="hint">{name}</dt>
      <dd className="mt-0.5 flex min-w-0 flex-wrap gap-1.5">{children}</dd>
    </div>
  )
}

function Tenants({ tenants, none }: { tenants: readonly string[] | null; none: string }) {
  if (tenants === null) return <span>{none}</span>
  return tenants.map((tenant) => <TenantChip key={tenant} tenant={tenant} />)
}

function Edge({ path }: { path: string }) {
  const address = (useMe().data?.publicUrl ?? '').replace(/\/+$/, '') + path
  return (
    <>
      <code className="min-w-0 font-mono text-xs leading-5 [overflow-wrap:anywhere]">{address}</code>
      <CopyButton text={address} label="Copy" className="link shrink-0 text-xs" />
    </>
  )
}
