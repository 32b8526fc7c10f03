import { expect, test } from 'bun:test'
import { library } from '../../src/questions/library.ts'
import { createSearch } from '../../src/search/search.ts'

const search = createSearch(library)
const now_ms = Date.UTC(2026, 7, 28, 10)
const ask = (text: string) => search({ text, buckets: ['media-assets', 'media', 'a.b'], now_ms, zone: 'UTC' })
const first = (text: string) => {
  const { matches, isCertain } = ask(text)
  return { name: matches[0]?.entry.name, ...matches[0]?.parameters, isCertain }
}

test.each([
  [
    'what did 198.51.100.7 do in media-assets',
    { name: 'client-operations', ip: '198.51.100.7', bucket: 'media-assets' },
  ],
  ['what did 2001:db8::7 do', { name: 'client-operations', ip: '2001:db8::7' }],
  ['history of "my files/a b.txt"', { name: 'object-history', key: 'my files/a b.txt' }],
  [
    'Verlauf von exports/2026/x.csv in a.b',
    { name: 'object-history', key: 'exports/2026/x.csv', bucket: 'a.b' },
  ],
  ['deleted objects under exports/2026/', { name: 'deleted-objects', prefix: 'exports/2026/' }],
  ['top 7 missing objects', { name: 'missing-objects', limit: 7 }],
  ['die ersten zehn fehlenden Objekte', { name: 'missing-objects', limit: 10 }],
  ['who probes for forbidden objects with 404', { name: 'scans', status: '404' }],
  ['which origin errors are most frequent', { name: 'frequent-errors', format: 's3' }],
  ['objects not read for 30 days', { name: 'cold-objects', days: 30 }],
  ['clients new in the last 6 hours', { name: 'new-clients', hours: 6 }],
])('%p finds its question and fills its parameters', (text, found) => {
  const { isCertain: _, ...rest } = first(text)
  expect(rest).toEqual(found)
})

test.each([
  ['delete the objects that were deleted', 'it asks for a deed'],
  ['which objects were deleted last night', 'it names a time that is not read'],
  ['which log lines could not be read in media-assets', 'it names a bucket that the question cannot take'],
  ['which objects were deleted by the moon under the influence of gravity', 'most of it is not known'],
  ['errors', 'several are as near'],
])('%p is answered by nothing: %s', (text) => {
  const { matches, isCertain } = ask(text)
  expect(isCertain).toBe(false)
  expect(matches.length).toBeGreaterThan(1)
  expect(matches.length).toBeLessThanOrEqual(5)
})

test('a text that only changes the window or a value goes on with what was asked before', () => {
  const [before] = ask('which objects were deleted in media today').matches
  const { matches, isCertain } = search({
    text: 'and yesterday in media-assets?',
    buckets: ['media-assets'],
    now_ms,
    zone: 'UTC',
    before: before ?? null,
  })
  expect(isCertain).toBe(true)
  expect(matches[0]).toMatchObject({
    entry: { name: 'deleted-objects' },
    parameters: { bucket: 'media-assets' },
    window: { from: '2026-08-27T00:00:00.000Z', to: '2026-08-28T00:00:00.000Z' },
  })
})

test('every question is certain when it is asked by its title', () => {
  for (const { name, title } of library) expect(first(title)).toMatchObject({ name, isCertain: true })
})
