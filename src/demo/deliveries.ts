import { planIncidents, type PlannedIncident } from './incidents.ts'
import { createDraw, createRandom } from './random.ts'
import { createRhythm } from './rhythm.ts'
import { logObjectKey } from './log-object-key.ts'
import type { Place, World } from './world.ts'

/** What to generate. Shares are of all lines or objects, 0 to 1. */
export interface DemoOptions {
  seed: number
  /** Events lie in [from_ms, to_ms). */
  from_ms: number
  to_ms: number
  /** The exact number of lines in all objects together: records, headers, blank, refused and repeated ones. */
  lines: number
  /** Default 500: the average, where traffic is dense enough. */
  lines_per_object?: number
  /** Default one hour: an object holds no more time than this. */
  object_span_ms?: number
  /** Default 0.1: objects delivered hours after their records, up to 48 h. */
  late_share?: number
  /** Default 0.03: lines that come again in another object. */
  repeated_share?: number
  /** Default 0.15: gzip-compressed S3 objects. CDN objects always are, unless this is 0. */
  gzip_share?: number
  /** Default true. */
  incidents?: boolean
  /** Default true: a few blank lines and lines that are no record. */
  noise?: boolean
  /** Default none: what would come later is delivered by then. */
  deliver_by_ms?: number
  /** Default `access-logs/`. */
  prefix?: string
}

/** Lines that are no record: all but `blank` must be refused. */
export type Noise = 'blank' | 'cut' | 'joined' | 'date' | 'garbage'

/** A log object that will come; its content follows from the seed and `id` alone. */
export interface Delivery {
  id: number
  key: string
  place: Place
  format: 's3' | 'cdn'
  /** The moment of a share (0 to 1) of the object's records. */
  at(share: number): number
  /** Without noise, with the two header lines of the CDN. */
  lines: number
  noise: Noise[]
  /** Lines after which the object ends: fewer than it has when only a part is delivered again. */
  kept: number
  repeats: boolean
  delivered_ms: number
  gzip: boolean
  incident: PlannedIncident | null
}

/** Which objects are delivered, in order. Takes a few hundred bytes for each object, none for its lines. */
export interface DeliveryPlan {
  deliveries: Delivery[]
  incidents: PlannedIncident[]
}

const HOUR_MS = 3_600_000
const CDN_HEADER_LINES = 2

/** Plans every object of the window, so that its lines can be made later, in any order. */
export function planDeliveries(world: World, options: DemoOptions): DeliveryPlan {
  const {
    seed,
    lines,
    lines_per_object = 500,
    object_span_ms = HOUR_MS,
    late_share = 0.1,
    repeated_share = 0.03,
  } = options
  const { gzip_share = 0.15, prefix = 'access-logs/', deliver_by_ms = Infinity } = options
  const from_ms = Math.ceil(options.from_ms / 1000) * 1000
  const random = createRandom(seed, 'deliveries', from_ms)
  const incidents = options.incidents === false ? [] : planIncidents(world, { ...options, from_ms })
  const noise = options.noise === false ? [] : planNoise(lines)
  const repeated = Math.floor(lines * repeated_share)
  const deliveries: Delivery[] = []

  const flows = flowsOf(world)
  const ordinary =
    lines - noise.length - repeated - incidents.reduce((sum, incident) => sum + incident.lines, 0)
  const flowLines = flows.map(({ share, format }) =>
    format === 'cdn' && ordinary * share < 10 ? 0 : Math.floor(ordinary * share),
  )
  flowLines[0] = ordinary - flowLines.slice(1).reduce((sum, count) => sum + count, 0)
  flows.forEach(({ place, format, peak }, index) => {
    const silence = incidents.find(
      ({ kind, bucket }) => kind === 'silent_hour' && bucket === place.bucket.name,
    )
    const rhythm = createRhythm({ from_ms, to_ms: options.to_ms, peak_hour_utc: peak, seed, silence })
    cutFlow(flowLines[index] ?? 0, place, format, rhythm, null)
  })
  for (const incident of incidents) {
    const length_ms = incident.to_ms - incident.from_ms
    const even = {
      at: (share: number) => incident.from_ms + Math.min(share * length_ms, length_ms - 1),
      share: (at_ms: number) => (at_ms - incident.from_ms) / length_ms,
    }
    cutFlow(incident.lines, incident.place, 's3', even, incident)
  }

  for (const kind of noise) {
    const target = random.pick(deliveries)
    target.noise.push(kind)
    target.kept++
  }
  repeatSome()
  deliveries.sort((a, b) => a.delivered_ms - b.delivered_ms || a.id - b.id)
  return { deliveries, incidents }

  /** Cuts a flow of records into objects, by lines and by time. */
  function cutFlow(
    count: number,
    place: Place,
    format: 's3' | 'cdn',
    rhythm: ReturnType<typeof createRhythm>,
    incident: PlannedIncident | null,
  ): void {
    const least = format === 'cdn' ? CDN_HEADER_LINES + 1 : 1
    for (let done = 0; done < count;) {
      const start_ms = rhythm.at(done / count)
      const fitting = Math.ceil((rhythm.share(start_ms + object_span_ms) - done / count) * count)
      let size = Math.max(
        least,
        Math.min(Math.round(lines_per_object * (0.4 + 1.2 * random.fraction())), fitting),
      )
      if (count - done - size < least) size = count - done
      const first = done
      add({ place, format, incident, lines: size, at: (share) => rhythm.at((first + share * size) / count) })
      done += size
    }
  }

  function add(object: Pick<Delivery, 'place' | 'format' | 'incident' | 'lines' | 'at'>): void {
    const id = deliveries.length
    const delivered_ms = deliveryMoment(object.at, random.chance(late_share))
    const gzip = gzip_share > 0 && (object.format === 'cdn' || random.chance(gzip_share))
    const key = logObjectKey({ ...object, prefix, delivered_ms, gzip }, random)
    deliveries.push({ ...object, id, key, noise: [], kept: object.lines, repeats: false, delivered_ms, gzip })
  }

  function deliveryMoment(at: Delivery['at'], late: boolean): number {
    const first_ms = at(0)
    const last_ms = at(1)
    const delay_ms = late
      ? (2 + 46 * random.fraction()) * HOUR_MS
      : Math.min(random.around(4 * 60_000, 0.8), 0.9 * HOUR_MS)
    const due_ms = Math.min(last_ms + delay_ms, Math.max(last_ms, first_ms + 48 * HOUR_MS))
    return Math.ceil(
      due_ms <= deliver_by_ms ? due_ms : last_ms + (deliver_by_ms - last_ms) * random.fraction(),
    )
  }

  /** The same lines again under another key, later: a whole object, or its beginning. */
  function repeatSome(): void {
    const originals = deliveries.slice()
    for (let left = repeated; left > 0;) {
      const original = random.pick(originals)
      const kept = Math.min(left, original.kept)
      if (original.format === 'cdn' && kept <= CDN_HEADER_LINES) continue
      const again = Math.min(
        original.delivered_ms + random.below(HOUR_MS),
        Math.max(original.delivered_ms, deliver_by_ms),
      )
      const delivered_ms = Math.ceil(
        Math.min(again, Math.max(original.delivered_ms, original.at(0) + 48 * HOUR_MS)),
      )
      const key = logObjectKey({ ...original, prefix, delivered_ms }, random)
      deliveries.push({ ...original, key, delivered_ms, kept, repeats: true })
      left -= kept
    }
  }
}

const REFUSED = ['cut', 'joined', 'date', 'garbage'] as const

function planNoise(lines: number): Noise[] {
  if (lines < 200) return []
  const refused = Math.min(60, Math.max(4, Math.round(lines / 5000)))
  const blank = Math.ceil(refused / 2)
  return [
    ...Array.from({ length: refused }, (_, index) => REFUSED[index % 4] ?? 'cut'),
    ...Array.from({ length: blank }, () => 'blank' as const),
  ]
}

/** The streams of log objects, with their part of all ordinary lines. */
function flowsOf({ places: { media, uploads, site, backups } }: World) {
  return [
    { place: media, format: 's3', share: 0.4, peak: 13 },
    { place: media, format: 'cdn', share: 0.09, peak: 13 },
    { place: uploads, format: 's3', share: 0.27, peak: 9 },
    { place: site, format: 's3', share: 0.12, peak: 15 },
    { place: site, format: 'cdn', share: 0.035, peak: 15 },
    { place: backups, format: 's3', share: 0.085, peak: 2 },
  ] as const
}

/** One small object of one stream, chosen by its share, with records of [from_ms, to_ms) and delivered at once. */
export function planNow(
  world: World,
  window: { seed: number; from_ms: number; to_ms: number; records: number; prefix: string },
): Delivery {
  const { from_ms, to_ms, records, prefix } = window
  const random = createRandom(window.seed, 'now', from_ms)
  const { place, format } = createDraw(flowsOf(world).map((flow) => [flow, flow.share] as const))(random)
  const at = (share: number) => from_ms + Math.min(share * (to_ms - from_ms), to_ms - from_ms - 1)
  const gzip = format === 'cdn'
  const lines = records + (gzip ? CDN_HEADER_LINES : 0)
  const key = logObjectKey({ prefix, place, format, at, delivered_ms: to_ms, gzip }, random)
  const whole = { kept: lines, noise: [], repeats: false, delivered_ms: to_ms, incident: null }
  return { id: 0, key, place, format, at, lines, gzip, ...whole }
}
