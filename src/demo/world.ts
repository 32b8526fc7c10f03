import type { DemoBucket } from './access-event.ts'
import { createDraw, createRandom, createZipf, type Random } from './random.ts'

/** An object in a bucket, its size in bytes. */
export interface DemoKey {
  key: string
  size: number
}

/** Whoever sends requests. */
export interface Client {
  ip: string
  user_agent: string | null
  /** Null: anonymous. */
  requester: string | null
  signature_version: 'SigV2' | 'SigV4'
  tls: (typeof TLS)[number] | null
  bytes_per_ms: number
}

/** One bucket with what is in it. The draws are zipf: the first keys and clients come most often. */
export interface Place {
  bucket: DemoBucket
  keys: readonly DemoKey[]
  drawKey: (random: Random) => DemoKey
  pages: readonly (string | null)[]
}

/** Everything that does not change while time goes by. */
export interface World {
  places: { media: Place; uploads: Place; site: Place; backups: Place }
  drawVisitor: (random: Random) => Client
  drawService: (random: Random) => Client
  /** Pulls objects for the CDN; its requester holds spaces. */
  cdnOrigin: Client
}

/** The canonical id of all buckets' owner. */
export const OWNER = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be'
/** Where all buckets are. */
export const REGION = 'sgp1'
/** The host of path-style requests. */
export const ENDPOINT = `${REGION}.digitaloceanspaces.com`

const TLS = [
  { tls_version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256' },
  { tls_version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
  { tls_version: 'TLSv1.2', cipher: 'ECDHE-RSA-AES128-GCM-SHA256' },
  { tls_version: 'TLSv1.2', cipher: 'ECDHE-RSA-AES256-GCM-SHA384' },
  { tls_version: 'TLSv1.1', cipher: 'ECDHE-RSA-AES128-SHA' },
  { tls_version: 'TLSv1', cipher: 'AES128-SHA' },
] as const
const drawTls = createDraw([
  ...TLS.map((tls, rank) => [tls, [50, 12, 28, 6, 0.7, 0.3][rank] ?? 0] as const),
  [null, 3] as const,
])

const BROWSERS = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36',
  'okhttp/4.12.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  'ExampleApp/7.3 CFNetwork/3826.500.131 Darwin/24.5.0',
  'curl/8.14.1',
  'Mozilla/5.0 (compatible; ExampleBot/2.1; +http://bot.example.com/about.html)',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  null,
  '"Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 Chrome/49.0.2623.112',
  'Tablet/4.12.0 (Büro; 日本語) 🎬',
  '',
  'ImageProxy/1.0 \\"fit=cover\\" (a|b=c,d;e)',
  'probe" 404 NoSuchKey 1 2 3 4 "-" "x" - <script>alert(1)</script>',
] as const
const TOOLS = [
  'aws-sdk-js/3.1175.0 ua/2.1 os/linux lang/js api/s3#3.1175.0',
  'rclone/v1.70.2',
  'Boto3/1.39.4 md/Botocore#1.39.4 ua/2.1 os/linux#6.8.0 lang/python#3.12.3',
  's3cmd/2.4.0 "nightly" job',
  'aws-cli/2.27.49 md/awscrt#0.26.1 ua/2.1 os/linux#5.15.0 md/arch#aarch64 md/command#s3.sync',
  'MinIO (linux; amd64) minio-go/v7.0.94',
] as const
const REQUESTERS = [
  'arn:aws:iam::104220117733:user/app-server',
  OWNER,
  'arn:aws:iam::104220117733:user/deploy',
  'arn:aws:sts::104220117733:assumed-role/backup-runner/i-0f5d2c9be8a3b7741',
  'b72e1f0c6a0d4f5cb5c7b0e5f2f6f7a86d3cf31e9e1a49a4b8bb1b2d1c7e9f30',
  'arn:aws:iam::104220117733:user/teams/reports/m.lee@example.com',
] as const

/** Addresses are from the ranges set aside for documentation and benchmarks (RFC 2544, 3849), so that they are nobody's. */
export function createWorld(seed: number): World {
  const random = createRandom(seed, 'world')
  const drawBrowser = createZipf(BROWSERS, 0.9)
  const visitors = Array.from({ length: 4000 }, (): Client => ({
    ip: random.chance(0.18)
      ? ipv6(random)
      : `198.${18 + random.below(2)}.${random.below(256)}.${1 + random.below(254)}`,
    user_agent: drawBrowser(random),
    requester: null,
    signature_version: 'SigV4',
    tls: drawTls(random),
    bytes_per_ms: random.around(4000, 0.8),
  }))
  const services = Array.from({ length: 40 }, (_, rank): Client => ({
    ip: rank % 9 === 5 ? ipv6(random) : `198.18.0.${10 + rank}`,
    user_agent: TOOLS[rank % TOOLS.length] ?? null,
    requester: REQUESTERS[rank % REQUESTERS.length] ?? null,
    signature_version: rank % 13 === 4 ? 'SigV2' : 'SigV4',
    tls: drawTls(random),
    bytes_per_ms: random.around(60_000, 0.4),
  }))
  return {
    places: {
      media: place({ name: 'media-assets', cdn_host: cdnHost('media-assets') }, mediaKeys(random), 1, [
        null,
        'https://www.example.com/',
        'https://www.example.com/gallery?q="summer"&page=2',
        'https://shop.example.org/p/4711',
        'android-app://com.example.app/',
      ]),
      uploads: place({ name: 'app-uploads' }, uploadKeys(random), 0.8, [
        null,
        'https://app.example.com/files',
        'https://app.example.com/settings/profile',
      ]),
      site: place(
        {
          name: 'static-site',
          columns: 25,
          cdn_host: cdnHost('static-site'),
          custom_host: 'cdn.example.com',
        },
        siteKeys(random),
        1.1,
        [
          'https://docs.example.com/',
          null,
          'https://docs.example.com/guide/first steps',
          'https://search.example.net/?q=spaces+docs',
        ],
      ),
      backups: place({ name: 'db-backups', columns: 27 }, backupKeys(random), 0.4, [null]),
    },
    drawVisitor: createZipf(visitors, 0.9),
    drawService: createZipf(services, 1),
    cdnOrigin: {
      ip: '198.18.255.7',
      user_agent: 'Amazon CloudFront',
      requester: 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2EXAMPLE1SPACE',
      signature_version: 'SigV4',
      tls: TLS[1],
      bytes_per_ms: 90_000,
    },
  }
}

function place(
  bucket: Pick<DemoBucket, 'name'> & Partial<DemoBucket>,
  keys: DemoKey[],
  exponent: number,
  pages: Place['pages'],
): Place {
  const common = { columns: 26, cdn_host: null, custom_host: null } as const
  return { bucket: { ...common, ...bucket }, keys, drawKey: createZipf(keys, exponent), pages }
}

function cdnHost(bucket: string): string {
  return `${bucket}.${REGION}.cdn.digitaloceanspaces.com`
}

function mediaKeys(random: Random): DemoKey[] {
  const odd = [
    'photos/2026/Sommerfest München/Bild 01 (Kopie).jpg',
    'photos/2026/100% wool + silk.jpg',
    'photos/"quoted" name.png',
    'media-assets/thumb/looks-like-a-bucket.jpg', // its first segment is the bucket's own name
    'photos/foo-%25Y/%41.jpg',
    'icons/数据/図🎨.svg',
    'logo.png',
  ].map((key) => ({ key, size: 41_507 }))
  const photos = Array.from({ length: 4000 }, () => ({
    key: `photos/${random.hex(2)}/IMG_${1000 + random.below(9000)}.${random.pick(['jpg', 'webp', 'avif'])}`,
    size: Math.round(random.around(140_000, 0.9)),
  }))
  const videos = Array.from({ length: 60 }, (_, rank) => ({
    key: `videos/${random.pick(['launch', 'tutorial', 'interview'])}-${rank}.mp4`,
    size: Math.round(random.around(60_000_000, 0.7)),
  }))
  return [...photos.slice(0, 25), ...odd, ...photos.slice(25, 200), ...videos, ...photos.slice(200)]
}

function uploadKeys(random: Random): DemoKey[] {
  const odd = [
    'users/42/Screen Shot 2026-08-01 at 10.15.03.png',
    "users/7/it's *important*!(final)~v2.docx",
    'users/1138/a=b&c=d?e#f.csv',
    'users/8/deep/er/and/deeper/still/nested/file.tar.gz',
    'users/99/line\nbreak\tand tab.txt',
    'users/5/back\\slash;semi,comma.txt',
    'users/5/',
  ].map((key) => ({ key, size: key.endsWith('/') ? 0 : 88_011 }))
  const files = Array.from({ length: 5000 }, () => ({
    key: `${random.pick(['users', 'users', 'users', 'avatars', 'exports'])}/${1 + random.below(900)}/${random.hex(10)}.${random.pick(['pdf', 'png', 'zip', 'csv', 'docx'])}`,
    size: Math.round(random.around(600_000, 1.3)),
  }))
  return [...files.slice(0, 15), ...odd, ...files.slice(15)]
}

function siteKeys(random: Random): DemoKey[] {
  const pages = Array.from({ length: 260 }, (_, rank) => ({
    key:
      rank === 0
        ? 'index.html'
        : `${random.pick(['guide', 'api', 'blog'])}/${random.hex(4)}/${random.pick(['index.html', 'page.html', 'über uns.html'])}`,
    size: Math.round(random.around(18_000, 0.6)),
  }))
  const assets = Array.from({ length: 90 }, () => ({
    key: `assets/${random.pick(['app', 'vendor', 'style'])}.${random.hex(8)}.${random.pick(['js', 'css', 'woff2'])}`,
    size: Math.round(random.around(60_000, 1)),
  }))
  return [...pages.slice(0, 3), ...assets, ...pages.slice(3)]
}

/** Sizes reach past 32 bits. */
function backupKeys(random: Random): DemoKey[] {
  return Array.from({ length: 700 }, (_, rank) => ({
    key: `${random.pick(['postgres', 'mysql', 'files'])}/daily/2026-${String(1 + (rank % 12)).padStart(2, '0')}-${String(1 + (rank % 28)).padStart(2, '0')}/${random.hex(6)}.dump.zst`,
    size: Math.round(random.around(500_000_000, 1.1)),
  }))
}

function ipv6(random: Random): string {
  const part = () => random.uint32() % 65_536
  return random.chance(0.5)
    ? `2001:db8:${part().toString(16)}::${(part() || 1).toString(16)}`
    : `2001:db8:${[1, 2, 3, 4, 5, 6].map(() => (part() || 1).toString(16)).join(':')}`
}
