import { expect, test } from 'bun:test'
import { demoWeek } from './demo-week.ts'

const { objects, lines } = demoWeek({ lines: 60_000 })
const s3 = lines.filter((line) => /^[0-9a-f]{64} [a-z-]+ \[/.test(line))
const cdn = lines.filter((line) => line.includes('\t'))

test.each([
  'REST.GET.OBJECT',
  'REST.HEAD.OBJECT',
  'REST.PUT.OBJECT',
  'REST.DELETE.OBJECT',
  'REST.GET.BUCKET',
  'REST.HEAD.BUCKET',
  'REST.POST.UPLOADS',
  'REST.PUT.PART',
  'REST.POST.UPLOAD',
  'REST.COPY.OBJECT',
  'REST.COPY.OBJECT_GET',
  'REST.OPTIONS.PREFLIGHT',
  'REST.POST.MULTI_OBJECT_DELETE',
  'BATCH.DELETE.OBJECT',
  'S3.EXPIRE.OBJECT',
  'S3.CREATE.DELETEMARKER',
  'S3.DELETE.UPLOAD',
  'S3.TRANSITION_SIA.OBJECT',
  'WEBSITE.GET.OBJECT',
  'REST.GET.ACL',
  'REST.PUT.LIFECYCLE',
])('operation %s occurs', (operation) => {
  expect(s3.some((line) => line.includes(` ${operation} `))).toBe(true)
})

test.each([
  [
    'a key with spaces and ü, twice encoded, its path once',
    / photos\/2026\/Sommerfest%2520M%25C3%25BCnchen\/\S+ "GET \S*\/photos\/2026\/Sommerfest%20M%C3%BCnchen/,
  ],
  ['a key with % and +, twice encoded', / photos\/2026\/100%2525%2520wool%2520%252B%2520silk\.jpg "/],
  ['a key with quotes, twice encoded', / photos\/%2522quoted%2522%2520name\.png "/],
  ['a key that decodes twice without complaint', / photos\/foo-%252525Y\/%252541\.jpg "/],
  [
    'a key once encoded with + for a space, of a record without a request',
    / (?:BATCH|S3)\.\S+ \S*Screen\+Shot\+2026-08-01\+at/,
  ],
  ['a key that begins with the name of its bucket', / media-assets\/thumb\/\S+ "\w+ \/media-assets\/thumb\//],
  ['a nested key', / users\/8\/deep\/er\/and\/deeper\/still\//],
  ['a line break within a key', / users\/99\/line%250Abreak%2509and/],
  ['a path-style request', /"GET \/app-uploads\/users\/.* sgp1\.digitaloceanspaces\.com /],
  ['an IPv6 client', / 2001:db8:[0-9a-f:]+ /],
  ['a canonical id as requester', /\] \S+ [0-9a-f]{64} [0-9A-F]{16} /],
  ['an arn as requester', / arn:aws:sts::\d+:assumed-role\/backup-runner\//],
  [
    'a requester with spaces',
    / arn:aws:iam::cloudfront:user\/CloudFront Origin Access Identity \S+ [0-9A-F]{16} REST/,
  ],
  ['an anonymous requester', /\] \S+ - [0-9A-F]{16} REST/],
  ['a request id of Ceph', / tx[0-9a-f]{19,}-00[0-9a-f]{8}-[0-9a-f]{8}-sgp1a /],
  ['a presigned URL', /\?X-Amz-Algorithm=\S+&X-Amz-Signature=[0-9a-f]{64} HTTP/],
  ['a security token', /&X-Amz-Security-Token=/],
  ['an old presigned URL', /\?AWSAccessKeyId=\S+&Signature=\S+ HTTP.* SigV2 \S+ QueryString/],
  ['SigV2 by header', / SigV2 \S+ AuthHeader /],
  ['no encryption', / - - - - media-assets\.sgp1\S+ - - -$|= - - - media-assets\.sgp1\S+ - - -$/],
  ['TLS 1.1', / TLSv1\.1 /],
  ['TLS 1.3', / TLSv1\.3 /],
  ['raw quotes in a user agent', / "s3cmd\/2\.4\.0 "nightly" job" /],
  ['a user agent that pretends to be columns', /"probe" 404 NoSuchKey 1 2 3 4 "-" "x" - <script>/],
  ['an empty user agent', / "" - \S{76} /],
  ['a user agent beyond ASCII', / "Tablet\/4\.12\.0 \(Büro; 日本語\) 🎬" /],
  ['raw quotes in a referer', /page=2" "|gallery\?q="summer"&page=2"/],
  ['raw quotes in a request URI', /"GET \S*\?prefix="\w+" or so HTTP\/1\.1" /],
  ['a version id', /" [A-Za-z0-9+_]{32} \S{76} /],
  ['a size beyond 32 bits', / 200 - - [4-9]\d{9} /],
  ['a lifecycle record', / - AmazonS3 \S+ S3\.\S+ \S+ "-" - - - \d+ - - "-" "-" - \S{76} - - - - -/],
  ['25 columns', / static-site .* TLSv1\.3 -$/],
  ['26 columns', / media-assets .* TLSv1\.3 - (?:-|Yes)$/],
  ['27 columns', / db-backups .* TLSv1\.3 - Yes sgp1$/],
])('S3 lines hold %s', (_, pattern) => {
  expect(s3.some((line) => pattern.test(line))).toBe(true)
})

test.each([200, 204, 206, 304, 403, 404, 412, 416, 500, 503])('status %d occurs', (status) => {
  expect(s3.some((line) => line.includes(`" ${status} `))).toBe(true)
})

test.each([
  ['a full line', /^2026-08-\d\d\t\d\d:\d\d:\d\d\t[A-Z]{3}\d+-[CP]\d\t\d+\t/],
  ['another order of fields', /^\d\d:\d\d:\d\d\t2026-08-\d\d\tGET\t\//],
  ['a client that hung up', /\t000\t/],
  ['an encoded stem', /\t\/photos\/2026\/Sommerfest%20M%C3%BCnchen\//],
  ['an encoded user agent', /\tMozilla\/5\.0%20\(X11;%20Linux/],
  ['an IPv6 client', /\t2001:db8:/],
  ['a miss', /\tMiss\t/],
])('CDN lines hold %s', (_, pattern) => {
  expect(cdn.some((line) => pattern.test(line))).toBe(true)
})

test('the CDN writes 8 to 16 % of the lines, and two lines of header in each object', () => {
  expect(cdn.length / lines.length).toBeWithin(0.08, 0.16)
  for (const { text } of objects)
    if (text.includes('\t')) expect(text).toMatch(/^#Version: 1\.0\n#Fields: (?:date time|time date) /)
})

test('lines that are no record and blank lines are few, and there', () => {
  expect(lines).toContain('')
  expect(lines.some((line) => line.startsWith('<Error>'))).toBe(true)
  expect(lines.some((line) => /^[^"]*\[\d\d\/[^"]*\[\d\d\//.test(line))).toBe(true)
  // A record that was cut, of the origin or of the CDN.
  expect(lines.some((line) => /^[0-9a-f]{64} .{0,75}$/.test(line) || line.split('\t').length === 4)).toBe(
    true,
  )
})

test.each([
  ['simple', /^access-logs\/2026-\d\d-\d\d-\d\d-\d\d-\d\d-[0-9A-F]{16}$/],
  [
    'partitioned',
    /^access-logs\/\d+\/sgp1\/app-uploads\/2026\/\d\d\/\d\d\/2026-\d\d-\d\d-\d\d-\d\d-\d\d-[0-9A-F]{16}$/,
  ],
  ['of the CDN', /^access-logs\/E2[A-Z0-9]+\.2026-\d\d-\d\d-\d\d\.[0-9a-f]{8}\.gz$/],
  ['compressed', /-[0-9A-F]{16}\.gz$/],
  ['odd', /Übersicht & logs \(1\)\/50% "/],
])('log object keys are %s', (_, pattern) => {
  expect(objects.some(({ key }) => pattern.test(key))).toBe(true)
})

test('some objects are gzip, some of those with two members', () => {
  const members = objects
    .filter(({ body }) => body[0] === 0x1f)
    .map(({ body }) => Buffer.from(body).toString('latin1').split('\x1f\x8b\x08\x00').length - 1)
  expect(members).toContain(1)
  expect(members).toContain(2)
  expect(members.length).toBeLessThan(objects.length / 2)
})

test('a multi-object delete is followed by its records under the same request id', () => {
  const at = s3.findIndex((line) => line.includes('REST.POST.MULTI_OBJECT_DELETE'))
  const id = / ([0-9A-F]{16}|tx\S+) REST\.POST/.exec(s3[at] ?? '')?.[1] ?? 'none'
  expect(s3[at + 1]).toInclude(` ${id} BATCH.DELETE.OBJECT `)
})

test('days have a rhythm', () => {
  const requestsAt = (hour: string) =>
    s3.filter((line) => new RegExp(` media-assets \\[.{11}:${hour}:`).test(line)).length
  expect(requestsAt('13')).toBeGreaterThan(requestsAt('01') * 3)
})
