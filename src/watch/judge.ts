import type { Breach } from './breach.ts'
import { latencyStep } from './rules/latency-step.ts'
import { serverErrors } from './rules/server-errors.ts'
import { trafficSpike } from './rules/traffic-spike.ts'
import { trafficZero } from './rules/traffic-zero.ts'
import type { Series } from './series.ts'

const rules = [latencyStep, serverErrors, trafficZero, trafficSpike]

/** What all rules find in a series. A pure function, some ten milliseconds for eight days. */
export function judge(series: Series): Breach[] {
  return rules.flatMap((rule) => rule(series))
}
