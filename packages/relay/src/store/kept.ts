// Statements that are compiled once. WHY: they come with every message, and compiling takes longer than the rest.
import { type Database, type Op, type SqlValue, toOp } from '@parley/kernel/db'
import type { Compilable, CompiledQuery } from 'kysely'

type Values = Readonly<Record<string, SqlValue>>

/** Stands for a value until one is given. */
class Place {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

// The cast: to the builder a place is a value like any other, and the name is looked up when the statement is used.
const places = <V extends Values>(): V =>
  new Proxy({}, { get: (_, name) => new Place(String(name)) }) as unknown as V

const fill = (parameters: readonly unknown[], values: Values): SqlValue[] =>
  parameters.map((value) => (value instanceof Place ? values[value.name]! : (value as SqlValue)))

/** A statement, compiled when it is first used. `build` names the values that are given with each use. */
export function keptOp<V extends Values>(
  build: (value: V) => Compilable,
  atLeast?: number,
): (values: V) => Op {
  let kept: Op | undefined
  return (values) => {
    kept ??= toOp(build(places<V>()), atLeast)
    return { ...kept, params: fill(kept.params, values) }
  }
}

/** A question, compiled when it is first asked. */
export function keptRead<V extends Values, Row>(
  database: Database,
  build: (value: V) => { compile(): CompiledQuery<Row> },
): (values: V) => Promise<Row[]> {
  let kept: CompiledQuery<Row> | undefined
  return (values) => {
    kept ??= build(places<V>()).compile()
    return database.read<Row>({ ...kept, parameters: fill(kept.parameters, values) })
  }
}
