import pg from 'pg'

const int8 = 20

/**
 * Settings of every connection we open. `bigint` columns arrive as numbers, on our connections only: an
 * application that uses `pg` too keeps its own parsers.
 */
export function clientConfig(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    types: { getTypeParser },
    fallback_application_name: 'parley',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  }
}

// OUTSIDE: pg declares one overload for each known type; they all have this shape.
const getTypeParser = ((oid: number, format?: 'text') =>
  oid === int8 && format !== ('binary' as string)
    ? Number
    : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser']
