import {
  type Driver,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
  type TransactionSettings,
} from 'kysely'

/** Kysely's own Postgres dialect without transactions: what must be atomic is a unit of the log. */
export class ReadingDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig

  constructor(config: PostgresDialectConfig) {
    super(config)
    this.#config = config
  }

  override createDriver(): Driver {
    return new ReadingDriver(this.#config)
  }
}

class ReadingDriver extends PostgresDriver {
  override beginTransaction(_connection: unknown, _settings: TransactionSettings): Promise<void> {
    return Promise.reject(new Error('There are no transactions here: commit a unit of the log.'))
  }
}
