import { planDeliveries, planNow, type DemoOptions } from './deliveries.ts'
import type { Incident } from './incidents.ts'
import { writeLogObject, type DemoObject } from './log-object.ts'
import { createTraffic } from './traffic.ts'
import type { Truth } from './truth.ts'
import { createWorld } from './world.ts'

/** What will be generated: how many objects, which incidents; the objects themselves are made when asked for, once. */
export interface Demo {
  objects_total: number
  incidents: readonly Incident[]
  objects: Generator<DemoObject, void, undefined>
}

/** Log objects in the order of their delivery, one at a time in memory; `truth` learns what each holds as it is made. */
export function generate(options: DemoOptions, truth?: Truth): Generator<DemoObject, void, undefined> {
  return createDemo(options, truth).objects
}

/** As `generate`, with what is known beforehand. */
export function createDemo(options: DemoOptions, truth?: Truth): Demo {
  const { seed } = options
  const world = createWorld(seed)
  const { deliveries, incidents } = planDeliveries(world, options)
  truth?.expect(incidents)
  const latencyStep = incidents.find(({ kind }) => kind === 'latency_step') ?? null
  const made = { seed, world, traffic: createTraffic(world), latencyStep, truth }
  function* objects() {
    for (const delivery of deliveries) yield writeLogObject(delivery, made)
  }
  return { objects_total: deliveries.length, incidents, objects: objects() }
}

/** Makes small objects of what happens just now: `records` of them in [from_ms, to_ms). */
export function createLiveDemo(
  seed: number,
): (window: { from_ms: number; to_ms: number; records: number; prefix: string }) => DemoObject {
  const world = createWorld(seed)
  const made = { seed, world, traffic: createTraffic(world), latencyStep: null }
  return (window) => writeLogObject(planNow(world, { seed, ...window }), made)
}
