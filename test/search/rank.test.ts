import { expect, test } from 'bun:test'
import { library } from '../../src/questions/library.ts'
import { createRank } from '../../src/search/rank.ts'

const rank = createRank(library)
const best = (text: string): string | undefined => rank(text)[0]?.entry.title

test.each([
  ['bill', 'Which clients cause the egress, and what does it cost?'],
  ['how much money do we spend', 'Which clients cause the egress, and what does it cost?'],
  ['bots', 'How much do crawlers take?'],
  ['ssl', 'Who still uses old TLS or none?'],
  ['permissions', 'Who changed the configuration of a bucket?'],
  ['peak', 'Which minutes were busiest?'],
  ['duplicates', 'Which objects were copied?'],
  ['outage', 'Which requests failed on the server side?'],
  ['Massenlöschung', 'Which multi-object deletes removed most?'],
  ['gelöschte Dateien', 'Which objects were deleted, by whom and when?'],
  ['Verschlüsselung', 'Who still uses old TLS or none?'],
  ['hackers', 'Who probes for objects that are missing or forbidden?'],
  ['429 throttling', 'In which seconds were most requests throttled, and whose?'],
])('%p finds the question that names the same thing in other words', (text, title) => {
  expect(best(text)).toBe(title)
})

test.each([
  ['UPLOADING failed?', 'Which uploads failed?'],
  ['object size latencies', 'How long do reads and writes take, by the size of the object?'],
  ['presigned', 'How are requests signed: by header, by presigned address or not at all?'],
  ['ipv6', 'How many clients come over IPv6?'],
  ['lifecycle', 'What did lifecycle rules do?'],
])('%p is found in whichever form, in titles and descriptions', (text, title) => {
  expect(best(text)).toBe(title)
})

test('words of a description and of a parameter find a question too', () => {
  expect(best('slurp')).toBe('How much do crawlers take?')
  expect(best('price_per_gib')).toContain('what does it cost?')
})

test('who deleted files: both questions about deletes come before all others', () => {
  const first = rank('who deleted files').slice(0, 2)
  expect(first.map(({ entry }) => entry.title).toSorted()).toEqual([
    'Which objects were deleted, by whom and when?',
    'Who deletes most objects?',
  ])
})

test('a whole title finds its own question', () => {
  for (const { title } of library) expect(best(title)).toBe(title)
})

test.each(['', 'xyzzy', 'what is this', '???'])('%p finds nothing', (text) => {
  expect(rank(text)).toEqual([])
})
