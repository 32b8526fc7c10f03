import { expect, test } from 'bun:test'
import { readWrittenCalls } from '../../src/agent/written-calls.ts'

const callable = new Set(['count', 'run_sql', 'hot-objects'])
const calls = (text: string) => readWrittenCalls(text, callable).map(({ name, given }) => [name, given])
const count = ['count', { what: 'x' }]

test.each([
  ['with name and arguments', '{"name": "count", "arguments": {"what": "x"}}'],
  ['with name and parameters', '{"name":"count","parameters":{"what":"x"}}'],
  ['with tool and args', '{"tool":"count","args":{"what":"x"}}'],
  ['with arguments written as text', '{"name":"count","arguments":"{\\"what\\":\\"x\\"}"}'],
  ['as a function', '{"type":"function","function":{"name":"count","arguments":{"what":"x"}}}'],
  ['with the values beside the name', '{"tool":"count","what":"x"}'],
  ['in a fence', 'I will look.\n```json\n{"name":"count","arguments":{"what":"x"}}\n```\nThen I answer.'],
  ['in tags', '<tool_call>\n{"name":"count","arguments":{"what":"x"}}\n</tool_call>'],
  ['without its last brace', '{"name":"count","arguments":{"what":"x"}'],
  ['without its last brace, in a fence', '```\n{"name":"count","arguments":{"what":"x"}\n```'],
  ['in tags without its last brace', '<tool_call>{"name":"count","arguments":{"what":"x"</tool_call>'],
  ['behind an object that is broken', '{"name": count}\n{"name":"count","arguments":{"what":"x"}}'],
])('a call %s is read', (_how, text) => {
  expect(calls(text)).toEqual([count])
})

test('several calls are read, however they are listed', () => {
  const one = '{"name":"count","arguments":{"what":"x"}}'
  const two = '{"name":"run_sql","arguments":{"sql":"SELECT \\"}\\" FROM a"}}'
  const both = [count, ['run_sql', { sql: 'SELECT "}" FROM a' }]]
  for (const text of [
    `${one}\n${two}`,
    `[${one},${two}]`,
    `{"calls":[${one},${two}]}`,
    `{"tool_calls":[${one},${two}]}`,
  ])
    expect(calls(text)).toEqual(both)
})

test('a question of the library that is used as a tool is a call', () => {
  expect(calls('{"hot-objects": 1, "tool": "hot-objects"}')).toEqual([['hot-objects', { 'hot-objects': 1 }]])
})

test.each([
  'There were 12.',
  'Such as `{"bucket": "a"}`.',
  '{"name": "media-assets", "requests": 12}',
  '{"type":"final","answer":"12"}',
  '{"name":"cou',
  '{}',
  '{'.repeat(50_000),
  '[1,2]',
])('%p is no call', (text) => {
  expect(calls(text)).toEqual([])
})
