import type { PriceList, Step } from './price-list.ts'

const gib = 1_073_741_824
const gb = 1_000_000_000
const free: Step[] = [{ up_to: null, usd: 0 }]
const flat = (usd: number): Step[] => [{ up_to: null, usd }]
const beyond = (up_to: number, usd: number): Step[] => [{ up_to, usd: 0 }, ...flat(usd)]

const spacesPage = {
  page: 'DigitalOcean documentation, Spaces pricing (docs.digitalocean.com/products/spaces/details/pricing)',
  date: '2026-09-19',
}
const awsList = {
  page: 'AWS Price List, AmazonS3 us-east-1 (pricing.us-east-1.amazonaws.com)',
  date: '2026-09-18',
}
const awsPage = { page: 'Amazon S3 pricing, us-east-1 (aws.amazon.com/s3/pricing)', date: '2026-09-19' }
const wasabiPage = { page: 'Wasabi pricing (wasabi.com/pricing)', date: '2026-09-19' }
const b2Page = { page: 'Backblaze B2 pricing (backblaze.com/cloud-storage/pricing)', date: '2026-09-19' }
const r2Page = {
  page: 'Cloudflare R2 pricing (developers.cloudflare.com/r2/pricing)',
  date: '2026-09-19',
}

/** The providers whose published prices SpaceWatch knows; the first one is taken unless PRICES_FILE says otherwise. */
export const providerNames = ['spaces', 'aws-s3', 'wasabi', 'backblaze-b2', 'cloudflare-r2'] as const

/** Published prices by provider, each with where it stands and when it was read there. */
export const providers: Record<(typeof providerNames)[number], PriceList> = {
  spaces: {
    provider: 'spaces',
    gb_bytes: gib,
    subscription: { usd: 5, ...spacesPage },
    storage: { steps: beyond(250, 0.02), ...spacesPage },
    egress: { steps: beyond(1024, 0.01), ...spacesPage },
    cdn: {
      steps: 'egress',
      page: 'DigitalOcean blog, Spaces now includes CDN: one allowance and one price for origin and CDN (blog.digitalocean.com/spaces-now-includes-cdn)',
      date: '2018-09-27',
    },
    writes: { steps: free, ...spacesPage },
    reads: { steps: free, ...spacesPage },
    cold: {
      usd_per_gb_month: 0.007,
      retrieval_usd_per_gb: 0.01,
      minimum_days: 30,
      minimum_object_bytes: 131_072,
      ...spacesPage,
    },
    notes: [
      'objects under 4 KiB are billed as 4 KiB, and sizes are not in a snapshot',
      'retrieval from cold storage is free up to what is stored there; cold buckets have no CDN',
      'what the CDN fetches from the origin is egress of both (Spaces limits, docs.digitalocean.com, 2026-01-13: what is never cached costs twice)',
      'transfer to Droplets may be free, and the logs do not tell it apart',
    ],
  },
  'aws-s3': {
    provider: 'aws-s3',
    gb_bytes: gib,
    subscription: { usd: 0, ...awsPage },
    storage: {
      steps: [{ up_to: 51_200, usd: 0.023 }, { up_to: 512_000, usd: 0.022 }, ...flat(0.021)],
      ...awsList,
    },
    egress: {
      steps: [
        { up_to: 100, usd: 0 },
        { up_to: 10_340, usd: 0.09 },
        { up_to: 51_300, usd: 0.085 },
        { up_to: 153_700, usd: 0.07 },
        ...flat(0.05),
      ],
      ...awsPage,
    },
    cdn: null,
    writes: { steps: flat(0.005), ...awsList },
    reads: { steps: flat(0.0004), ...awsList },
    cold: {
      usd_per_gb_month: 0.0125,
      retrieval_usd_per_gb: 0.01,
      minimum_days: 30,
      minimum_object_bytes: 131_072,
      ...awsList,
    },
    notes: ['prices of us-east-1; cold is Standard-IA; what CloudFront fetches from S3 is free there'],
  },
  wasabi: {
    provider: 'wasabi',
    gb_bytes: gib,
    // The least that is billed is one TB.
    subscription: { usd: 7.99, ...wasabiPage },
    storage: { steps: beyond(1024, 7.99 / 1024), ...wasabiPage },
    egress: { steps: free, ...wasabiPage },
    cdn: null,
    writes: { steps: free, ...wasabiPage },
    reads: { steps: free, ...wasabiPage },
    cold: null,
    notes: [
      'what is deleted within 90 days is billed for 90, and deletions are not priced here',
      'egress is free as long as it stays below what is stored',
    ],
  },
  'backblaze-b2': {
    provider: 'backblaze-b2',
    gb_bytes: gb,
    subscription: { usd: 0, ...b2Page },
    storage: { steps: beyond(10, 0.00695), ...b2Page },
    egress: { steps: flat(0.01), free_times_stored: 3, ...b2Page },
    cdn: null,
    writes: { steps: free, ...b2Page },
    reads: { steps: free, ...b2Page },
    cold: null,
    notes: ['egress through partner CDNs is free, and the logs do not tell it apart'],
  },
  'cloudflare-r2': {
    provider: 'cloudflare-r2',
    gb_bytes: gb,
    subscription: { usd: 0, ...r2Page },
    storage: { steps: beyond(10, 0.015), ...r2Page },
    egress: { steps: free, ...r2Page },
    cdn: null,
    writes: { steps: beyond(1_000, 0.0045), ...r2Page },
    reads: { steps: beyond(10_000, 0.00036), ...r2Page },
    cold: {
      usd_per_gb_month: 0.01,
      retrieval_usd_per_gb: 0.01,
      minimum_days: 30,
      minimum_object_bytes: 0,
      ...r2Page,
    },
    notes: ['each meter is rounded up to its whole unit on the bill'],
  },
}
