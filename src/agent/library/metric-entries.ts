import type { MetricEntry } from '../../metrics/answers.ts'
import type { EntryParameter } from '../../search/rank.ts'
import { filterArguments } from '../tools/filters.ts'
import type { LibraryEntry } from './entry.ts'

/** A title, as a person would ask it, and what else people say, by the name of a metric. */
const said: Record<string, readonly [title: string, words: string]> = {
  AllRequests: [
    'How many requests were there?',
    'number of requests, traffic; wie viele Anfragen, Anzahl der Zugriffe',
  ],
  GetRequests: [
    'How many GET requests were there?',
    'number of downloads and reads; wie viele GET-Anfragen, Abrufe',
  ],
  PutRequests: ['How many PUT requests were there?', 'number of uploads and writes; wie viele PUT-Anfragen'],
  DeleteRequests: ['How many DELETE requests were there?', 'number of deletes; wie viele DELETE-Anfragen'],
  ObjectsDeleted: ['How many objects were deleted?', 'number of deleted objects; wie viele Objekte gelöscht'],
  HeadRequests: ['How many HEAD requests were there?', 'wie viele HEAD-Anfragen'],
  PostRequests: ['How many POST requests were there?', 'wie viele POST-Anfragen'],
  ListRequests: ['How many list requests were there?', 'number of listings; wie viele Auflistungen'],
  BytesDownloaded: [
    'How many bytes were downloaded?',
    'total egress traffic bandwidth volume; wie viele Bytes heruntergeladen, Datenmenge ausgehend',
  ],
  BytesUploaded: [
    'How many bytes were uploaded?',
    'total uploaded volume, how much data was uploaded; wie viele Bytes hochgeladen',
  ],
  '4xxErrors': [
    'How many 4xx errors were there?',
    'number and rate of client errors 4xx 400 403 404; wie viele 4xx-Fehler, Quote',
  ],
  '5xxErrors': [
    'How many 5xx errors were there?',
    'number and rate of server errors 5xx 500 503; wie viele 5xx-Fehler, Serverfehler Anzahl',
  ],
  Availability: [
    'How available was the storage?',
    'availability uptime percentage; Verfügbarkeit in Prozent',
  ],
  ThrottledRequests: [
    'How many requests were throttled?',
    'number of 503 slow down; wie viele Anfragen gedrosselt',
  ],
  FirstByteLatency: [
    'How long is the time to first byte?',
    'first byte latency median p95, turnaround, TTFB; Zeit bis zum ersten Byte',
  ],
  TotalRequestLatency: [
    'How long do requests take?',
    'request latency median average p95 response time over time; wie lange dauern Anfragen, Antwortzeit',
  ],
  SlowOperations: [
    'How many requests were slow?',
    'number and share of slow requests; wie viele langsame Anfragen',
  ],
  RequestsByOperation: [
    'How many requests of each operation?',
    'requests by operation; Anfragen je Operation',
  ],
  RequestsByClass: [
    'How many requests read, write, list or delete?',
    'requests by class; Anfragen je Klasse, lesend schreibend',
  ],
  RequestsByBucket: ['How many requests does each bucket get?', 'requests by bucket; Anfragen je Bucket'],
  StatusCodes: ['How many requests of each status?', 'HTTP status codes; Statuscodes, Anfragen je Status'],
  ErrorCodes: [
    'How many requests of each error code?',
    'error codes such as NoSuchKey SlowDown AccessDenied; Fehlercodes',
  ],
  CacheResults: [
    'How many hits and misses did the CDN have?',
    'cache results; Cache Treffer und Fehlschläge',
  ],
  TopKeys: ['Which keys are requested most?', 'top keys; meistangefragte Schlüssel'],
  TopPrefixes: ['Which prefixes are requested most?', 'top folders by requests; meistangefragte Ordner'],
  TopClientIPs: [
    'Which client addresses send most requests?',
    'top IPs by requests; Adressen mit den meisten Anfragen',
  ],
  TopRequesters: [
    'Which requesters send most requests?',
    'top users by requests; Benutzer mit den meisten Anfragen',
  ],
  TopUserAgents: [
    'Which user agents send most requests?',
    'browsers, software, SDK; Browser und Programme mit den meisten Anfragen',
  ],
  TopReferers: ['Which referers send most requests?', 'pages that requests come from; verweisende Seiten'],
}

const texts: EntryParameter[] = Object.entries(filterArguments).map(([name, schema]) => ({
  name,
  description: String(Reflect.get(schema, 'description')),
  type: 'text',
  default: null,
}))
const limit: EntryParameter = { name: 'limit', description: 'rows at most', type: 'integer', default: 20 }

/** The metrics of the catalogue as entries; answered by one row for the window, or the largest values. */
export function metricEntries(metrics: readonly MetricEntry[]): LibraryEntry[] {
  return metrics.map(({ name, description, shape }) => {
    const [title = name, words = ''] = said[name] ?? []
    return {
      name,
      title,
      words,
      description,
      category: 'metric',
      // A ready question says more than a figure.
      readiness: 0.85,
      parameters: shape === 'top' ? [...texts, limit] : texts,
      callOf: ({ parameters, window }) => ({
        tool: 'query_metric',
        given: { metric: name, ...(shape === 'series' && { step: 'none' }), ...parameters, ...window },
      }),
    }
  })
}
