import { type Database, toOp } from '@parley/kernel/db'
import type { Selectable } from 'kysely'
import { fromName, fromText, toName } from './columns.js'
import { keptRead } from './kept.js'
import { fromKey, toKey } from './keys.js'
import type { InstanceKey, PrincipalPolicy, RelevancePolicy, RoutingRows } from './port.js'
import type { RelayTables } from './tables.js'

type Policies = 'setPrincipals' | 'principals' | 'setRelevance' | 'relevance' | 'listPolicies'
type Table = RelayTables['relay_policies']

/** Who may speak to an instance, and what of it concerns the instance. */
export function policyStatements(database: Database): Pick<RoutingRows, Policies> {
  const db = database.tables<RelayTables>()
  const policies = () => db.selectFrom('relay_policies').selectAll()
  const ofPlatform = keptRead(database, (is: { tenant: string; instance_id: string; platform: string }) =>
    policies()
      .where('tenant', '=', is.tenant)
      .where('instance_id', '=', is.instance_id)
      .where('platform', '=', is.platform),
  )
  const find = async (key: InstanceKey, platform: string) => {
    const [row] = await ofPlatform({ ...toKey(key), platform: toName(platform) })
    return row && fromPolicy(row)
  }
  const set = (key: InstanceKey, platform: string, policy: Partial<Table>) =>
    toOp(
      db
        .insertInto('relay_policies')
        .values({ ...toKey(key), platform: toName(platform), principals: null, relevance: null, ...policy })
        .onConflict((conflict) =>
          conflict.columns(['tenant', 'instance_id', 'platform']).doUpdateSet(policy),
        ),
    )
  return {
    setPrincipals: (key, platform, policy) => set(key, platform, { principals: JSON.stringify(policy) }),
    principals: async (key, platform) => (await find(key, platform))?.principals,
    setRelevance: (key, platform, policy) => set(key, platform, { relevance: JSON.stringify(policy) }),
    relevance: async (key, platform) => (await find(key, platform))?.relevance,

    listPolicies: async ({ tenant }) => {
      const seen = tenant === undefined ? policies() : policies().where('tenant', '=', toName(tenant))
      const rows = await seen.orderBy('tenant').orderBy('instance_id').orderBy('platform').execute()
      return rows.map(fromPolicy)
    },
  }
}

function fromPolicy(row: Selectable<Table>) {
  const principals = fromText<PrincipalPolicy | null>(row.principals)
  const relevance = fromText<RelevancePolicy | null>(row.relevance)
  return {
    ...fromKey(row),
    platform: fromName(row.platform),
    ...(principals && { principals }),
    ...(relevance && { relevance }),
  }
}
