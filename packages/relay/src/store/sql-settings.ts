import { type Database, toOp } from '@parley/kernel/db'
import { fromName, toName } from './columns.js'
import type { SettingRows } from './port.js'
import type { RelayTables } from './tables.js'

export function settingStatements(database: Database): SettingRows {
  const db = database.tables<RelayTables>()
  const insert = (name: string, value: string) =>
    db.insertInto('relay_settings').values({ name: toName(name), value: toName(value) })
  return {
    get: async (name) => {
      const query = db.selectFrom('relay_settings').select('value').where('name', '=', toName(name))
      const row = await query.executeTakeFirst()
      return row && fromName(row.value)
    },

    set: (name, value) =>
      toOp(
        insert(name, value).onConflict((conflict) =>
          conflict.column('name').doUpdateSet({ value: toName(value) }),
        ),
      ),

    insert: (name, value) =>
      toOp(
        insert(name, value).onConflict((conflict) => conflict.doNothing()),
        1,
      ),
  }
}
