/** What a test says about one request; the rest is that of a plain GET. */
export interface LoggedRequest {
  bucket: string
  at_ms: number
  operation?: string
  key?: string
  status?: number
  bytes?: number
  size?: number
  ip?: string
  requester?: string
  request_id?: string
  user_agent?: string
  referer?: string
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
let made = 0

/** A line as S3 writes it: keys encoded twice, in records of batch deletes once and with `+` for a space. */
export function s3LogLine(request: LoggedRequest): string {
  const { bucket, at_ms, operation = 'REST.GET.OBJECT', key, status = 200, bytes = 100, size = 100 } = request
  const { ip = '203.0.113.1', requester = 'alice', request_id = `R${made++}` } = request
  const { user_agent = 'curl/8', referer = '-' } = request
  const at = new Date(at_ms)
  const day = String(at.getUTCDate()).padStart(2, '0')
  const time = `${day}/${months[at.getUTCMonth()]}/${at.getUTCFullYear()}:${at.toISOString().slice(11, 19)} +0000`
  const once = key === undefined ? '-' : encode(key)
  const isBatch = operation.startsWith('BATCH.')
  const method = /^REST\.(\w+)\./.exec(operation)?.[1]?.replace('COPY', 'PUT')
  const column = isBatch ? once.replaceAll('%20', '+') : encode(once)
  const uri =
    isBatch || operation.endsWith('_GET') ? '-' : `"${method} /${key === undefined ? '' : once} HTTP/1.1"`
  return `owner ${bucket} [${time}] ${ip} ${requester} ${request_id} ${operation} ${column} ${uri} ${status} - ${bytes || '-'} ${size} 12 9 "${referer}" "${user_agent}" - hostid SigV4 - AuthHeader host TLSv1.3 - -`
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%2F', '/')
}
