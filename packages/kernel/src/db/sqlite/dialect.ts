// Kysely over the reading worker: building and reading, no writing, no transactions.
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'

type Read = <Row>(query: CompiledQuery) => Promise<Row[]>

/** A Kysely whose statements run through `read`. */
export function kyselyOver(read: Read): Kysely<unknown> {
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => readingDriver(read),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
  return new Kysely({ dialect })
}

function readingDriver(read: Read): Driver {
  const connection: DatabaseConnection = {
    executeQuery: async <Row>(query: CompiledQuery): Promise<QueryResult<Row>> => ({
      rows: await read<Row>(query),
    }),
    streamQuery: () => {
      throw new Error('Read page by page: this database does not stream rows.')
    },
  }
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: noTransaction,
    commitTransaction: noTransaction,
    rollbackTransaction: noTransaction,
    releaseConnection: async () => {},
    destroy: async () => {},
  }
}

async function noTransaction(): Promise<never> {
  throw new Error('There are no transactions here: commit a unit of the log.')
}
