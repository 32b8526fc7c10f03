import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { createLineCutter, createRunBuffers, type Run } from '../../src/logs/lines.ts'

const LIMITS = { max_line_bytes: 12, max_run_lines: 3, max_run_bytes: 30 }

function cut(chunks: Uint8Array[], limits: Partial<typeof LIMITS> = LIMITS): Run[] {
  const cutter = createLineCutter(limits)
  const runs = chunks.flatMap((chunk) => {
    const copy = Uint8Array.from(chunk)
    const full = cutter.push(copy)
    copy.fill(255)
    return full
  })
  return [...runs, ...cutter.end()]
}

function chunksOf(bytes: Uint8Array, sizes: number[]): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let from = 0, n = 0; from < bytes.length; n += 1) {
    const to = from + (sizes[n % sizes.length] ?? 1)
    chunks.push(bytes.subarray(from, to))
    from = to
  }
  return chunks
}

// What a plain split makes of the object: line number -> bytes, newline included.
function plainSplit(bytes: Uint8Array): Buffer[] {
  const lines: Buffer[] = []
  for (let from = 0; from < bytes.length;) {
    const newline = bytes.indexOf(10, from)
    const to = newline === -1 ? bytes.length : newline + 1
    lines.push(Buffer.from(bytes.subarray(from, to)))
    from = to
  }
  return lines
}

const content = (line: Buffer) => (line.at(-1) === 10 ? line.length - 1 : line.length)
const objects = fc
  .array(
    fc.oneof(
      fc.string({ maxLength: 16 }),
      fc.constant('x'.repeat(12)),
      fc.constant('y'.repeat(13)),
      fc.constant('\r'),
    ),
  )
  .map((lines) => new TextEncoder().encode(lines.join('\n')))
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })

test('cutter keeps every line whole, numbered and within bounds, wherever the chunks end', () => {
  fc.assert(
    fc.property(objects, sizes, (bytes, chunk_sizes) => {
      const truth = plainSplit(bytes)
      const seen = new Set<number>()
      let next = 1
      for (const run of cut(chunksOf(bytes, chunk_sizes))) {
        const lines = plainSplit(run.bytes)
        expect(run.first_line).toBe(next)
        expect(run.lines).toBe(lines.length)
        expect(run.lines).toBeLessThanOrEqual(LIMITS.max_run_lines)
        if (run.lines > 1) expect(run.bytes.length).toBeLessThanOrEqual(LIMITS.max_run_bytes)
        lines.forEach((line, n) => {
          seen.add(run.first_line + n)
          expect(line).toEqual(truth[run.first_line + n - 1] ?? Buffer.of())
        })
        for (const { line, reason } of run.refused) {
          seen.add(line)
          expect(reason).toBe('line over 12 bytes')
          expect(content(truth[line - 1] ?? Buffer.of())).toBeGreaterThan(LIMITS.max_line_bytes)
        }
        next += run.lines + run.refused.length
      }
      expect(seen.size).toBe(truth.length)
    }),
    { numRuns: 1000 },
  )
})

test('cutter fills runs: a long object comes in runs of so many lines', () => {
  const bytes = new TextEncoder().encode('0123456789\n'.repeat(2500))
  expect(cut(chunksOf(bytes, [777]), {}).map(({ lines }) => lines)).toEqual(
    Array.from({ length: 10 }, () => 250),
  )
})

test('cutter keeps the head of a line that is too long, without its secrets, and goes on after it', () => {
  const long = `GET /x?X-Amz-Signature=abc&w=${'9'.repeat(300_000)}`
  const bytes = new TextEncoder().encode(`one\n${long}\nthree\n${long}`)
  for (const size of [1000, 65_536, bytes.length]) {
    const runs = cut(chunksOf(bytes, [size]), {})
    expect(runs.map((run) => Buffer.from(run.bytes).toString())).toEqual(['one\n', 'three\n'])
    expect(runs.map(({ first_line }) => first_line)).toEqual([1, 3])
    const refused = runs.flatMap((run) => run.refused)
    expect(refused.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '2 line over 65536 bytes',
      '4 line over 65536 bytes',
    ])
    expect(refused[0]?.excerpt).toStartWith('GET /x?X-Amz-Signature=[redacted]&w=999')
    expect(refused[0]?.excerpt).toHaveLength(512)
  }
})

test('cutter takes lines of exactly the limit and an object without a newline at its end', () => {
  const [run, ...more] = cut([Buffer.from(`${'a'.repeat(12)}\nb`)])
  expect(Buffer.from(run?.bytes ?? []).toString()).toBe('aaaaaaaaaaaa\nb')
  expect(run?.lines).toBe(2)
  expect(more).toEqual([])
  expect(cut([])).toEqual([])
})

test('a run that is given back makes room for a later one, and the others stay as they are', () => {
  const buffers = createRunBuffers()
  const cutter = createLineCutter({ ...LIMITS, buffers })
  const [first, second] = cutter.push(Buffer.from('1\n2\n3\n4\n5\n6\n'))
  if (!first || !second) throw new Error('six lines are two runs of three')
  buffers.give(first.bytes)
  const [third] = cutter.push(Buffer.from('7\n8\n9\n'))
  const [fourth] = cutter.push(Buffer.from('a\nb\nc\n'))
  const text = (run?: Run) => Buffer.from(run?.bytes ?? []).toString()
  expect([second, third, fourth].map(text)).toEqual(['4\n5\n6\n', '7\n8\n9\n', 'a\nb\nc\n'])
  expect([third, fourth].some((run) => run?.bytes.buffer === first.bytes.buffer)).toBe(true)
})
