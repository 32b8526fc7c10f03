import { expect, test } from 'bun:test'
import { detectors } from '../../src/findings/detectors.ts'
import { readThresholds, readThresholdsFile, rulesOf } from '../../src/findings/thresholds.ts'
import { tempDir } from '../support/temp-dir.ts'

test('a file sets what it names, and everything else stays', () => {
  const all = readThresholds(detectors, '{"mass-deletion": {"objects": 7.5}, "probing": {}}')
  expect(all['mass-deletion']).toEqual({ objects: 7.5, times: 5 })
  expect(all['probing']).toEqual(readThresholds(detectors, null)['probing'] ?? {})
})

test('all that is wrong with a file is told at once, with what to write', () => {
  const wrong = {
    'mass-deletoin': {},
    'mass-deletion': { objects: -1, objekts: 3, toString: 1, times: '5' },
    probing: 4,
  }
  expect(() => readThresholds(detectors, JSON.stringify(wrong))).toThrow(
    /^Cannot read FINDINGS_FILE: 6 problems\n {2}'mass-deletoin' is no known detector: did you mean 'mass-deletion'\?/,
  )
  for (const told of [
    "did you mean 'objects'",
    "'toString' is no known threshold",
    'objects is no number from 0 up',
    'times is no number',
    'probing is no object',
  ])
    expect(() => readThresholds(detectors, JSON.stringify(wrong))).toThrow(told)
  for (const json of ['{', '[]', 'null', '"x"'])
    expect(() => readThresholds(detectors, json)).toThrow('it is no JSON object')
})

test('a file that is not there is told with its path', () => {
  const path = `${tempDir()}/none.json`
  expect(() => readThresholdsFile(detectors, path)).toThrow(`Cannot read FINDINGS_FILE '${path}'`)
})

test('another threshold means that everything is to be judged again', () => {
  const rules = (json: string | null) => rulesOf(detectors, readThresholds(detectors, json))
  expect(rules('{}')).toBe(rules(null))
  expect(rules('{"probing": {"keys": 5}}')).not.toBe(rules(null))
})

test('every threshold says why and in which unit, and every detector has a name of its own', () => {
  expect(new Set(detectors.map(({ name }) => name)).size).toBe(detectors.length)
  for (const { name, thresholds } of detectors) {
    expect([name, Object.keys(thresholds).length]).not.toEqual([name, 0])
    for (const { unit, reason, source } of Object.values(thresholds)) {
      expect(unit).toMatch(/^[a-z]/)
      expect(reason.length).toBeGreaterThan(15)
      if (source !== null) expect(source).toMatch(/^https:\/\//)
    }
  }
})
