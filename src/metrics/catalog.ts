import { InvalidError } from '../errors.ts'
import type { MetricAnswer, MetricEntry } from './answers.ts'
import { breakdownMetrics } from './breakdown.ts'
import { deletionMetrics } from './deletions.ts'
import { errorMetrics } from './errors.ts'
import type { Scope } from './filter.ts'
import { latencyMetrics } from './latency.ts'
import type { Metric } from './metric.ts'
import { requestMetrics } from './requests.ts'
import type { MetricParams, MetricQuestion, RunMetrics } from './run-metrics.ts'
import { topMetrics } from './top.ts'
import { transferMetrics } from './transfer.ts'

export interface Catalog {
  list(): MetricEntry[]
  /** Throws InvalidError for a name that is not known and for what no window or filter is. */
  run(name: string, params: MetricParams, scope: Scope): Promise<MetricAnswer>
  /** As `run`, for several about one window: what they rest on is read once. */
  runAll(asked: readonly [Asked, ...Asked[]], scope: Scope): Promise<MetricAnswer[]>
}

export interface Asked {
  name: string
  params: MetricParams
}

export interface CatalogOptions {
  runMetrics: RunMetrics
  slowOperation_ms: number
}

export function createCatalog({ runMetrics, slowOperation_ms }: CatalogOptions): Catalog {
  const all: Metric[] = [
    ...requestMetrics,
    ...deletionMetrics,
    ...transferMetrics,
    ...errorMetrics,
    ...latencyMetrics(slowOperation_ms),
    ...breakdownMetrics,
    ...topMetrics,
  ]
  const metrics = new Map(all.map((metric) => [metric.name, metric]))
  function find({ name, params }: Asked): MetricQuestion {
    const metric = metrics.get(name)
    if (metric) return { metric: metric.orderedBy?.[params.order ?? ''] ?? metric, params }
    throw new InvalidError(
      `Cannot find the metric '${name}'`,
      `the known ones are ${[...metrics.keys()].join(', ')}`,
      'unknown_metric',
    )
  }

  async function runAll(
    [first, ...others]: readonly [Asked, ...Asked[]],
    scope: Scope,
  ): Promise<MetricAnswer[]> {
    const questions: [MetricQuestion, ...MetricQuestion[]] = [find(first), ...others.map(find)]
    const { tables } = await runMetrics(questions, scope)
    return questions.flatMap(({ metric }, index) => {
      const table = tables[index]
      return table ? [{ metric: metric.name, unit: metric.values[0].unit, ...table }] : []
    })
  }

  return {
    list: () => all.map(entry),
    async run(name, params, scope) {
      const [answer] = await runAll([{ name, params }], scope)
      if (!answer) throw new Error('a metric has no answer')
      return answer
    },
    runAll,
  }
}

const apart = 'Origin (s3) and CDN (cdn) are apart: a request that the CDN had to pass on is in both.'

function entry({ name, description, shape, by, values }: Metric): MetricEntry {
  return {
    name,
    description: `${description} ${apart}`,
    unit: values[0].unit,
    shape,
    by: ['format', ...by],
    values: values.map((value) => ({ name: value.name, unit: value.unit })),
  }
}
