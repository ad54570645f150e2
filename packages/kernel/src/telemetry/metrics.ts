import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export type MetricsOptions = {
  /** Before every name; default `parley_`. */
  prefix?: string
  /** Also the process's memory, CPU and event loop; default false, because its observers live as long as the process. */
  process?: boolean
}

/** Name, a sentence for people, and label names; never a label whose values a stranger can make up. */
export type MetricSpec<Label extends string> = { name: string; help: string; labels?: readonly Label[] }

/** Metrics of one server. Asking twice for a name gives the same metric. */
export interface Metrics {
  counter<Label extends string = never>(spec: MetricSpec<Label>): Counter<Label>
  gauge<Label extends string = never>(spec: MetricSpec<Label> & { collect?: () => number }): Gauge<Label>
  /** `buckets` in seconds, default 1 ms to 10 s. */
  histogram<Label extends string = never>(spec: MetricSpec<Label> & { buckets?: number[] }): Histogram<Label>
  /** What `/metrics` answers. */
  render(): Promise<{ contentType: string; body: string }>
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Metrics with a registry of their own: two servers in one process do not meet. */
export function createMetrics({ prefix = 'parley_', process = false }: MetricsOptions = {}): Metrics {
  const registry = new Registry()
  if (process) collectDefaultMetrics({ register: registry, prefix })

  const settings = <Label extends string>({ name, help, labels = [] }: MetricSpec<Label>) => ({
    name: prefix + name,
    help,
    labelNames: labels,
    registers: [registry],
  })
  // The casts: a name belongs to one kind of metric, or `make` throws for it.
  const once = <T>(name: string, make: () => T): T =>
    (registry.getSingleMetric(prefix + name) as T | undefined) ?? make()

  return {
    counter: (spec) => once(spec.name, () => new Counter(settings(spec))),
    gauge: (spec) =>
      once(spec.name, () => {
        const { collect } = spec
        const reading = collect && {
          collect(this: Gauge): void {
            this.set(collect())
          },
        }
        return new Gauge({ ...settings(spec), ...reading })
      }),
    histogram: (spec) =>
      once(spec.name, () => new Histogram({ ...settings(spec), buckets: spec.buckets ?? seconds })),
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  }
}
