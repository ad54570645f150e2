// Which rows of `threads` a tenant map may see.
import type { Engine } from '@parley/kernel/db'
import { isVisible, maxTenantEntries, visibleTenantKeys } from '@parley/kernel/principal'
import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely'
import type { TenantMap } from './port.js'
import type { ThreadTables } from './rows.js'

/**
 * The condition for threads that a caller of `tenant` may see and that have the entries of `namespace`; undefined when
 * there can be none. Up to `maxTenantEntries` entries it is equality with a list of keys, which an index answers; past
 * that it looks at every thread.
 */
export function visibleThreads(
  engine: Engine,
  tenant: TenantMap,
  namespace: TenantMap,
): Expression<SqlBool> | undefined {
  if (!isVisible(namespace, tenant)) return undefined
  if (Object.keys(tenant).length > maxTenantEntries) return allEntriesAmong(engine, tenant, namespace)
  const keys = visibleTenantKeys(tenant)
  const inNamespace = keys.filter((key) => isVisible(namespace, Object.fromEntries(JSON.parse(key))))
  return expressionBuilder<ThreadTables, 'threads'>()('tenant_key', 'in', inNamespace)
}

/**
 * Compares the entries as JSON text, which is canonical: turned into values, a text with an escaped NUL would fail on
 * Postgres.
 */
function allEntriesAmong(engine: Engine, tenant: TenantMap, namespace: TenantMap): Expression<SqlBool> {
  const entries =
    engine === 'postgres'
      ? sql`(select value::text as entry from json_array_elements(tenant_key::json))`
      : sql`(select value as entry from json_each(tenant_key))`
  const allowed = sql.join(toTexts(tenant))
  const visible = sql<SqlBool>`not exists (select * from ${entries} as entries where entry not in (${allowed}))`
  const required = toTexts(namespace).map((text) => sql<SqlBool>`${text} in ${entries}`)
  return expressionBuilder().and([visible, ...required])
}

function toTexts(tenant: TenantMap): string[] {
  return Object.entries(tenant).map((entry) => JSON.stringify(entry))
}
