import type { AccessEvent } from './access-event.ts'
import { encodeKey } from './s3-line.ts'

const ALL_FIELDS =
  'date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) ' +
  'x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher ' +
  'x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte ' +
  'x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end'
const OTHER_ORDER =
  'time date cs-method cs-uri-stem cs-uri-query cs(Host) x-host-header sc-status sc-bytes time-taken time-to-first-byte c-ip ' +
  'x-edge-request-id x-edge-result-type x-edge-location cs(User-Agent) cs(Referer) cs-protocol ssl-protocol ssl-cipher cs-protocol-version'

/** The order of the fields of an object: usually all 33, sometimes fewer in another order. */
export type CdnLayout = readonly string[]
/** The usual layout first. */
export const CDN_LAYOUTS: readonly CdnLayout[] = [ALL_FIELDS.split(' '), OTHER_ORDER.split(' ')]

/** The two lines that open an object. */
export function cdnHeader(layout: CdnLayout): [string, string] {
  return ['#Version: 1.0', `#Fields: ${layout.join(' ')}`]
}

/** The record as a CloudFront standard log holds it: tab-separated, text percent-encoded, times in seconds. */
export function cdnLine(event: AccessEvent, layout: CdnLayout): string {
  const moment = new Date(event.at_ms).toISOString()
  const https = event.tls_version !== null
  const values: Record<string, string | number> = {
    date: moment.slice(0, 10),
    time: moment.slice(11, 19),
    'x-edge-location': event.edge_location ?? '-',
    'sc-bytes': event.bytes_sent,
    'c-ip': event.remote_ip ?? '-',
    'cs-method': event.method ?? '-',
    'cs(Host)': event.bucket.cdn_host ?? '-',
    'cs-uri-stem': `/${encodeKey(event.key ?? '')}`,
    'sc-status': event.status ?? '000',
    'cs(Referer)': event.referer === null ? '-' : encodeURI(event.referer),
    'cs(User-Agent)': event.user_agent ? encodeURI(event.user_agent) : '-',
    'cs-uri-query': event.query || '-',
    'x-edge-result-type': event.cache_result ?? '-',
    'x-edge-request-id': event.request_id,
    'x-host-header': event.host ?? '-',
    'cs-protocol': https ? 'https' : 'http',
    'cs-bytes': 180 + (event.user_agent?.length ?? 0),
    'time-taken': seconds(event.total_ms),
    'ssl-protocol': event.tls_version ?? '-',
    'ssl-cipher': event.cipher ?? '-',
    'x-edge-response-result-type': event.cache_result ?? '-',
    'cs-protocol-version': event.http_version,
    'c-port': 1024 + (event.bytes_sent % 60_000),
    'time-to-first-byte': seconds(event.turnaround_ms),
    'x-edge-detailed-result-type': event.cache_result ?? '-',
    'sc-content-type': event.status === 200 ? 'application/octet-stream' : '-',
  }
  return layout.map((field) => values[field] ?? '-').join('\t')
}

function seconds(milliseconds: number | null): string {
  return milliseconds === null ? '-' : (milliseconds / 1000).toFixed(3)
}
