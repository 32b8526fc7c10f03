import type { Metric } from './metric.ts'
import { bytesDownloaded, bytesUploaded, requests } from './values.ts'

/** Bytes that went out and came in, by AWS's names. */
export const transferMetrics: readonly Metric[] = [
  {
    name: 'BytesDownloaded',
    description: 'Bytes of response bodies. Rows of the CDN (format cdn) include the response headers.',
    shape: 'series',
    by: [],
    values: [bytesDownloaded, requests],
  },
  {
    name: 'BytesUploaded',
    description: 'Bytes of uploaded objects and parts.',
    shape: 'series',
    by: [],
    values: [bytesUploaded, requests],
  },
]
