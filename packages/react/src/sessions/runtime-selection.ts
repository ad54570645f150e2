import type { RuntimeInfo, RuntimeInstance } from '@parley/sessions/protocol'

export type RuntimeSelection = {
  readonly typeName: string
  /** The name of an instance, also of one that is not there yet. */
  readonly instanceName: string
  readonly instance: RuntimeInstance | undefined
}

/**
 * Where a session is to be: the instance that was asked for, else a running one, else the first type, preferring the type that
 * was asked for. Undefined when there is no runtime. Pure.
 */
export function resolveRuntimeSelection(
  runtimes: readonly RuntimeInfo[],
  wanted: { instanceName?: string; typeName?: string } = {},
): RuntimeSelection | undefined {
  const instances = runtimes.flatMap((runtime) => runtime.instances)
  const named = instances.find(({ name }) => name === wanted.instanceName)
  const ofType = instances.filter(({ typeName }) => typeName === wanted.typeName)
  const type = runtimes.find(({ typeName }) => typeName === wanted.typeName)
  const instance =
    named ?? ofType.find(isRunning) ?? (type ? ofType[0] : (instances.find(isRunning) ?? instances[0]))
  if (instance) return { typeName: instance.typeName, instanceName: instance.name, instance }
  const typeName = (type ?? runtimes[0])?.typeName
  return typeName === undefined ? undefined : { typeName, instanceName: typeName, instance: undefined }
}

const isRunning = ({ status }: RuntimeInstance): boolean => status === 'running'
