import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { readSigmaDetectors } from '../../src/findings/sigma-detectors.ts'
import { tempDir } from '../support/temp-dir.ts'
import { openFindingsStore } from './findings-store.ts'
import { request } from './request.ts'

setDefaultTimeout(60_000)

const hour_ms = 3_600_000
const start_ms = Date.UTC(2026, 8, 9)
const world = await openFindingsStore({ now_ms: start_ms + 10 * hour_ms })
afterAll(() => world.store.close())

const rule = (title: string, selection: object, level = 'high'): string =>
  JSON.stringify({
    title,
    level,
    description: 'Logging that ends hides what comes next.',
    logsource: { product: 'aws', service: 'cloudtrail' },
    detection: { selection, condition: 'selection' },
  })
const dir = tempDir()
mkdirSync(join(dir, 'more'))
const files: Record<string, string> = {
  'a.yml': rule('Logging changed', { eventName: 'PutBucketLogging' }),
  'more/b.yaml': rule('Scanner "x"', { 'userAgent|contains': "Scan'ner" }, 'low'),
  'c.yml': rule('Logging changed', { eventName: 'DeleteBucket' }),
  'd.yml': rule('Braces', { userAgent: '{subject}' }),
  'e.yml': rule('Root', { 'userIdentity.type': 'Root' }),
  'f.yml': 'title: [',
  'g.txt': 'no rule',
}
for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)

test('a folder of rules becomes detectors; what cannot be one is refused with its reason, and the others still run', () => {
  const { detectors, refused } = readSigmaDetectors(dir)
  expect(detectors.map(({ name, severity }) => [name, severity])).toEqual([
    ['sigma-logging-changed', 'critical'],
    ['sigma-scanner-x', 'info'],
  ])
  const told = refused.map(({ file, problems }) => [file.slice(dir.length + 1), problems[0]?.at])
  expect(told.toSorted()).toEqual([
    ['c.yml', 'title'],
    ['d.yml', 'detection'],
    ['e.yml', 'detection.selection.userIdentity.type'],
    ['f.yml', 'rule'],
  ])
  expect(() => readSigmaDetectors(join(dir, 'none'))).toThrow('there is no')
})

test('a closed hour in which a rule matches is a finding, of its source alone, with the requests as evidence', async () => {
  const { detectors } = readSigmaDetectors(dir)
  const findings = world.reading(detectors)
  const calm = Array.from({ length: 84 }, (_, n) =>
    request({ at_ms: start_ms + n * 300_000, bucket: 'uploads', key: `k${n}` }),
  )
  const odd = [0, 1, 2].map((minute) =>
    request({
      at_ms: start_ms + hour_ms + minute * 60_000,
      bucket: 'uploads',
      operation: 'REST.PUT.LOGGING_STATUS',
      requester: 'contractor',
    }),
  )
  const scan = request({ at_ms: start_ms + 2 * hour_ms, bucket: 'uploads', user_agent: "a SCAN'NER" })
  await world.put('mine', [...calm, ...odd, scan])
  await world.put('other', calm)
  await world.judge('mine', detectors)
  await world.judge('other', detectors)
  const { findings: found } = await findings.list({ window: '60d' }, ['mine'])
  expect(found.map(({ detector, subject, requests }) => ({ detector, subject, requests }))).toEqual([
    { detector: 'sigma-scanner-x', subject: { bucket: 'uploads', requester: scan.requester }, requests: 1 },
    {
      detector: 'sigma-logging-changed',
      subject: { bucket: 'uploads', requester: 'contractor' },
      requests: 3,
    },
  ])
  expect((await findings.list({ window: '60d' }, ['other'])).findings).toEqual([])
  const { evidence, remedies } = await findings.read(String(found[1]?.id), { scope: ['mine'], turns_of: 'a' })
  expect(evidence[0]?.rows.length).toBe(3)
  expect(remedies[0]?.text).toContain('Logging that ends hides what comes next.')
})
