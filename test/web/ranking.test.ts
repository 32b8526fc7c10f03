import { expect, test } from 'bun:test'
import { library } from '../../src/questions/library.ts'
import { rank } from '../../src/web/chat/ranking.ts'
import { testApp } from '../server/test-app.ts'

const { body } = await testApp()('/sql/library')
const { questions } = body
const best = (text: string): string | undefined => rank(text, questions)[0]?.title

test('ranks what the server tells of its library', () => {
  expect(questions.length).toBe(library.length)
})

test.each([
  ['bill', 'Which clients cause the egress, and what does it cost?'],
  ['how much money do we spend', 'Which clients cause the egress, and what does it cost?'],
  ['bots', 'How much do crawlers take?'],
  ['ssl', 'Who still uses old TLS or none?'],
  ['permissions', 'Who changed the configuration of a bucket?'],
  ['peak', 'Which minutes were busiest?'],
  ['duplicates', 'Which objects were copied?'],
  ['outage', 'Which requests failed on the server side?'],
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
  const first = rank('who deleted files', questions).slice(0, 2)
  expect(first.map(({ title }) => title).toSorted()).toEqual([
    'Which objects were deleted, by whom and when?',
    'Who deletes most objects?',
  ])
})

test('a whole title finds its own question', () => {
  for (const { title } of library) expect(best(title)).toBe(title)
})

test.each(['', 'xyzzy', 'what is this', '???'])('%p finds nothing', (text) => {
  expect(rank(text, questions)).toEqual([])
})
