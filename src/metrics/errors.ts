import type { Metric } from './metric.ts'
import { count, countOf, isClientError, isServerError, requests, share } from './values.ts'

const clientErrors = countOf('errors', isClientError)
const serverErrors = countOf('errors', isServerError)
const answered = countOf('available', 'status < 500 OR status IS NULL')
const throttled = countOf('throttled', 'status = 503')

/** Errors, by AWS's names; each a count and its share of the requests. */
export const errorMetrics: readonly Metric[] = [
  {
    name: '4xxErrors',
    description: 'Requests answered with a 4xx status, and their share of all requests.',
    shape: 'series',
    by: [],
    values: [count(clientErrors), share('error_rate', clientErrors), requests],
  },
  {
    name: '5xxErrors',
    description: 'Requests answered with a 5xx status, and their share of all requests.',
    shape: 'series',
    by: [],
    values: [count(serverErrors), share('error_rate', serverErrors), requests],
  },
  {
    name: 'Availability',
    description: 'The share of requests that were not answered with a 5xx status.',
    shape: 'series',
    by: [],
    values: [share('availability', answered), requests],
  },
  {
    name: 'ThrottledRequests',
    description: 'Requests answered with 503 (Slow Down), and their share of all requests.',
    shape: 'series',
    by: [],
    values: [count(throttled), share('throttled_rate', throttled), requests],
  },
]
