import { CDN_LAYOUTS, cdnHeader, cdnLine } from './cdn-line.ts'
import type { Delivery, Noise } from './deliveries.ts'
import { incidentRecords, slowDownWithin, type Incident } from './incidents.ts'
import { createRandom, type Random } from './random.ts'
import { s3Line } from './s3-line.ts'
import type { Traffic } from './traffic.ts'
import type { Truth } from './truth.ts'
import type { World } from './world.ts'

/** A finished log object. Every line ends in a newline. */
export interface DemoObject {
  key: string
  body: Uint8Array
  lines: number
  delivered_ms: number
}

/** Writes the lines of one delivery, and tells the truth about each. */
export function writeLogObject(
  delivery: Delivery,
  {
    seed,
    world,
    traffic,
    latencyStep,
    truth,
  }: {
    seed: number
    world: World
    traffic: Traffic
    latencyStep: Incident | null
    truth?: Truth | undefined
  },
): DemoObject {
  const { place, format, incident, kept, repeats } = delivery
  const random = createRandom(seed, 'object', delivery.id, Math.floor(delivery.at(0)))
  const layout = (random.chance(0.12) ? CDN_LAYOUTS[1] : CDN_LAYOUTS[0]) ?? []
  const header = format === 'cdn' ? cdnHeader(layout) : []
  const records = delivery.lines - header.length
  const noise = placeNoise()
  const lines: string[] = []

  for (const line of header) push(line, 'comment')
  for (let made = 0; made < records;) {
    const at_ms = delivery.at(Math.min(records - 0.001, made + random.fraction() * 3) / records)
    const moment = { random, place, at_ms, room: records - made }
    const events = incident
      ? incidentRecords(incident, world, moment)
      : format === 'cdn'
        ? traffic.cdn(moment)
        : traffic.origin(moment)
    for (const event of events) {
      if (latencyStep) slowDownWithin(latencyStep, event)
      if (lines.length < kept && !repeats) truth?.add(event)
      push(format === 'cdn' ? cdnLine(event, layout) : s3Line(event), repeats ? 'repeated' : null)
      made++
      for (const bad of noise.get(made) ?? []) push(bad.text, bad.kind)
    }
  }
  const body = delivery.gzip ? gzip(lines) : bytes(lines)
  return { key: delivery.key, body, lines: lines.length, delivered_ms: delivery.delivered_ms }

  function push(line: string, kind: 'blank' | 'comment' | 'refused' | 'repeated' | null): void {
    if (lines.length >= kept) return
    lines.push(line)
    if (kind) truth?.count(kind)
  }

  /** Which lines that are no record come after which record. */
  function placeNoise(): Map<number, { text: string; kind: 'blank' | 'refused' }[]> {
    const places = new Map<number, { text: string; kind: 'blank' | 'refused' }[]>()
    if (delivery.noise.length === 0) return places
    const chance = createRandom(seed, 'noise', delivery.id)
    for (const kind of delivery.noise) {
      const after = 1 + chance.below(records)
      const line = () => sampleLine(chance)
      const bad = {
        text: noiseText(kind, line, chance),
        kind: kind === 'blank' ? kind : ('refused' as const),
      }
      places.set(after, [...(places.get(after) ?? []), bad])
    }
    return places
  }

  function sampleLine(chance: Random): string {
    const moment = { random: chance, place, at_ms: delivery.at(0.5), room: 1 }
    const event = (format === 'cdn' ? traffic.cdn(moment) : traffic.origin(moment))[0]
    return event === undefined ? '' : format === 'cdn' ? cdnLine(event, layout) : s3Line(event)
  }
}

function noiseText(kind: Noise, line: () => string, random: Random): string {
  const whole = line()
  const cdn = whole.includes('\t')
  switch (kind) {
    case 'blank':
      return ''
    case 'cut':
      return cdn ? whole.split('\t', 4).join('\t') : whole.slice(0, whole.indexOf(']') + 24)
    case 'joined': // the writer died within a line and the next one went on behind it
      return cdn ? whole.split('\t', 3).join('\t') : whole.slice(0, whole.indexOf(']') + 8) + line()
    case 'date':
      return cdn
        ? whole.replace(/\d{4}-\d\d-\d\d/, '2026-13-45')
        : whole.replace(/\/[A-Z][a-z]{2}\//, '/Foo/')
    case 'garbage':
      return random.pick([
        '<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>',
        '\u0000\u0001\u0002\ufffd\u001b[31m',
      ])
  }
}

/** Two members now and then, as appended logs have. */
function gzip(lines: readonly string[]): Uint8Array {
  const half = lines.length > 4 && lines.length % 3 === 0 ? lines.length >> 1 : 0
  const members = [lines.slice(0, half), lines.slice(half)].filter((member) => member.length > 0)
  return Buffer.concat(members.map((member) => Bun.gzipSync(bytes(member), { level: 3 })))
}

function bytes(lines: readonly string[]): Buffer<ArrayBuffer> {
  return Buffer.from(lines.join('\n') + '\n')
}
