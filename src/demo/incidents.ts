import type { AccessEvent } from './access-event.ts'
import { failure, originRecord, timing, type Moment } from './origin-record.ts'
import { multiObjectDelete } from './writes.ts'
import type { Client, Place, World } from './world.ts'

/** One of each is planted. */
export type IncidentKind =
  | 'slow_down'
  | 'forbidden_scan'
  | 'mass_delete'
  | 'hotlink'
  | 'latency_step'
  | 'silent_hour'
  | 'encryption'
  | 'exfiltration'
  | 'made_public'

/** Something planted that a watcher should find: in `bucket`, at the origin, in [from_ms, to_ms). */
export interface Incident {
  kind: IncidentKind
  bucket: string
  from_ms: number
  to_ms: number
  /** What gives it away; null where it has no part. */
  remote_ip: string | null
  requester: string | null
  key: string | null
  key_prefix: string | null
  referer: string | null
}

/** An incident that adds records of its own, and how many lines they take. */
export interface PlannedIncident extends Incident {
  place: Place
  /** 0: it only changes the ordinary traffic. */
  lines: number
}

const HOUR_MS = 3_600_000
const WEEK_MS = 168 * HOUR_MS
const LATENCY_FACTOR = 5

/** Nine incidents, placed back from `to_ms` by fixed hours (scaled down in a window shorter than a week). */
export function planIncidents(
  world: World,
  window: { from_ms: number; to_ms: number; lines: number },
): PlannedIncident[] {
  const { media, uploads, backups } = world.places
  const scale = Math.min(1, (window.to_ms - window.from_ms) / WEEK_MS)
  const video = media.keys.find(({ key }) => key.startsWith('videos/'))?.key ?? null
  return [
    plan('slow_down', uploads, 26, 0.2, 0.008, { remote_ip: '203.0.113.24' }),
    plan('forbidden_scan', backups, 9, 0.33, 0.005, { remote_ip: '203.0.113.66' }),
    plan('mass_delete', uploads, 84, 0.4, 0.01, {
      requester: 'arn:aws:iam::104220117733:user/contractor',
      key_prefix: 'exports',
    }),
    plan('hotlink', media, 40, 2, 0.008, {
      referer: 'https://forum.hotlinker.example/thread/991',
      key: video,
    }),
    plan('latency_step', media, 6, 4, 0, {}),
    plan('silent_hour', uploads, 53, 1, 0, {}),
    plan('encryption', uploads, 62, 0.3, 0.0015, {
      remote_ip: '203.0.113.90',
      requester: 'arn:aws:iam::104220117733:user/ci',
      key_prefix: 'avatars',
    }),
    plan('exfiltration', uploads, 33, 0.9, 0.002, {
      remote_ip: '203.0.113.200',
      requester: 'arn:aws:iam::104220117733:user/deploy',
    }),
    plan('made_public', backups, 16, 0.5, 0.00003, {
      remote_ip: '203.0.113.140',
      requester: 'arn:aws:iam::104220117733:user/deploy',
    }),
  ]

  function plan(
    kind: IncidentKind,
    place: Place,
    hours_ago: number,
    hours: number,
    share: number,
    marks: Partial<Incident>,
  ): PlannedIncident {
    let from_ms = window.to_ms - hours_ago * HOUR_MS * scale
    if (kind === 'silent_hour' && scale === 1) from_ms = Math.floor(from_ms / HOUR_MS) * HOUR_MS
    from_ms = Math.floor(from_ms / 1000) * 1000
    const to_ms = from_ms + Math.ceil((hours * HOUR_MS * scale) / 1000) * 1000
    const nothing = { remote_ip: null, requester: null, key: null, key_prefix: null, referer: null }
    const lines = Math.round(window.lines * share)
    return { kind, bucket: place.bucket.name, from_ms, to_ms, ...nothing, ...marks, place, lines }
  }
}

/** The lines of one client action of an incident that adds records: at least one, at most `room`. */
export function incidentRecords(incident: PlannedIncident, world: World, moment: Moment): AccessEvent[] {
  const records = act()
  for (const record of records) record.incident = incident.kind
  return records

  function act(): AccessEvent[] {
    const { random, place } = moment
    switch (incident.kind) {
      case 'slow_down': {
        const { key } = place.drawKey(random)
        return [
          originRecord(moment, attacker('python-requests/2.32.4'), 'REST.GET.OBJECT', {
            key,
            ...failure(random, attacker(null), 503, 'SlowDown'),
          }),
        ]
      }
      case 'forbidden_scan': {
        const key = `${random.pick(['.env', 'wp-config.php', 'backup.sql', '.git/config', 'admin/users.csv', 'dump/db.tar.gz'])}.${random.hex(6)}`
        return [
          originRecord(moment, attacker('Go-http-client/1.1'), 'REST.GET.OBJECT', {
            key,
            ...failure(random, attacker(null), 403, 'AccessDenied'),
          }),
        ]
      }
      case 'mass_delete': {
        const keys = Array.from(
          { length: Math.min(100, moment.room - 1) },
          () => `exports/${random.below(900)}/${random.hex(12)}.zip`,
        )
        return multiObjectDelete(
          moment,
          { ...world.drawService(random), requester: incident.requester },
          keys,
        )
      }
      case 'encryption': {
        const key = `avatars/${1 + random.below(900)}/${random.hex(10)}.png`
        const size = 20_000 + random.below(60_000)
        return readAndOverwrite(moment, attacker('aws-sdk-go-v2/1.36.3'), key, size)
      }
      case 'exfiltration': {
        const { key, size } = place.drawKey(random)
        const client = attacker('aws-cli/2.27.49 md/command#s3.cp')
        return [originRecord(moment, client, 'REST.GET.OBJECT', { key, ...received(moment, client, size) })]
      }
      case 'made_public':
        return policyAndReads(moment, attacker('aws-cli/2.27.49 md/command#s3api'))
      default: {
        const client = world.drawVisitor(random)
        const size = place.keys.find(({ key }) => key === incident.key)?.size ?? 0
        const sent = { bytes_sent: size, object_size: size, ...timing(random, client, 22, size) }
        return [
          originRecord(moment, client, 'REST.GET.OBJECT', {
            key: incident.key,
            referer: incident.referer,
            ...sent,
          }),
        ]
      }
    }
  }

  function attacker(user_agent: string | null): Client {
    return {
      ip: incident.remote_ip ?? '-',
      user_agent,
      requester: incident.kind === 'slow_down' ? null : incident.requester,
      signature_version: 'SigV4',
      tls: null,
      bytes_per_ms: 4000,
    }
  }
}

/** What ransomware does with each object: it reads it, and writes it in its place, encrypted and a little larger. */
function readAndOverwrite(moment: Moment, client: Client, key: string, size: number): AccessEvent[] {
  const read = originRecord(moment, client, 'REST.GET.OBJECT', { key, ...received(moment, client, size) })
  if (moment.room < 2) return [read]
  const larger = size + 48
  const stored = { bytes_received: larger, object_size: larger, ...timing(moment.random, client, 45, larger) }
  return [read, originRecord(moment, client, 'REST.PUT.OBJECT', { key, ...stored })]
}

/** Its own client sets a policy; then somebody without a key lists the bucket and reads the beginnings of objects. */
function policyAndReads(moment: Moment, client: Client): AccessEvent[] {
  const { random, place, room } = moment
  const stranger = { ...client, requester: null, user_agent: 'curl/8.14.1' }
  const owner = { ...client, ip: '198.18.0.12' }
  const policy = { query: 'policy', status: 204, ...timing(random, owner, 15, 0) }
  const listing = { query: 'list-type=2', bytes_sent: 90_000, ...timing(random, stranger, 60, 90_000) }
  return [
    originRecord(moment, owner, 'REST.PUT.BUCKETPOLICY', policy),
    originRecord(moment, stranger, 'REST.GET.BUCKET', listing),
    ...Array.from({ length: Math.max(0, room - 2) }, () => {
      const { key, size } = place.drawKey(random)
      const part = { ...received(moment, stranger, 1_048_576), status: 206, object_size: size }
      return originRecord(moment, stranger, 'REST.GET.OBJECT', { key, ...part })
    }),
  ].slice(0, room)
}

function received({ random }: Moment, client: Client, size: number) {
  return { bytes_sent: size, object_size: size, ...timing(random, client, 22, size) }
}

/** Ordinary traffic within the latency step takes LATENCY_FACTOR times as long, and says which incident it belongs to. */
export function slowDownWithin(incident: Incident, event: AccessEvent): void {
  const within = event.at_ms >= incident.from_ms && event.at_ms < incident.to_ms
  if (!within || event.format !== 's3' || event.bucket.name !== incident.bucket || event.total_ms === null)
    return
  event.total_ms *= LATENCY_FACTOR
  if (event.turnaround_ms !== null) event.turnaround_ms *= LATENCY_FACTOR
  event.incident ??= incident.kind
}
