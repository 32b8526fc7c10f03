import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { evidenceSql } from '../../src/findings/bind-sql.ts'
import type { Figures } from '../../src/findings/detector.ts'
import { detectors } from '../../src/findings/detectors.ts'
import { shell } from '../../src/findings/quote.ts'
import { operationColumns } from '../../src/gate/view-columns.ts'
import { hostileText } from '../support/hostile-operation.ts'

const hostile = fc.oneof(
  hostileText,
  fc.constantFrom(
    `'; rm -rf ~ #`,
    '$(reboot)`reboot`',
    `"}], "Effect": "Allow`,
    `' OR '1' = '1`,
    '{source} {subject} {from}',
    'a\nrm -rf ~',
    '\u202erm\u2066',
  ),
)

const columns = new Set(operationColumns.map(({ name }) => name))

/** Figures in which every text of the subject is hostile. */
const figures = (subject: readonly string[]) =>
  fc.record(
    Object.fromEntries(
      subject.map((column) => [column, columns.has(column) ? fc.option(hostile, { freq: 9 }) : hostile]),
    ),
  )

test('a hostile text stays one word of a shell', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { stdout } = Bun.spawnSync(['sh', '-c', `printf %s ${shell(text)}`])
      const printed = stdout.toString()
      expect(printed).toBe(Buffer.from(printed).toString())
      expect(shell(text)).not.toMatch(/[\u0000-\u001f\u007f\u202e\u2066]/)
      expect(printed.length).toBe(
        Buffer.from(shell(text).slice(1, -1).replaceAll(`'\\''`, "'")).toString().length,
      )
    }),
    { numRuns: 60 },
  )
})

test.each(detectors.map((detector) => [detector.name, detector] as const))(
  'whatever is in the logs, remedies of %s stay valid in their language, on lines of their own',
  (_, detector) => {
    const plain = detector.remedies({})
    fc.assert(
      fc.property(figures(detector.subject), (given: Figures) => {
        const remedies = detector.remedies(given)
        for (const { language, text } of remedies) {
          expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/)
          if (language === 'json') JSON.parse(text)
          if (language === 'shell') expect(Bun.spawnSync(['sh', '-n', '-c', text]).exitCode).toBe(0)
        }
        const shells = (all: typeof remedies) => all.filter(({ language }) => language === 'shell')
        expect(shells(remedies).map(({ text }) => text.split('\n').length)).toEqual(
          shells(plain).map(({ text }) => text.split('\n').length),
        )
        expect(detector.says(given)).not.toMatch(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/)
      }),
      { numRuns: 25 },
    )
  },
)

test.each(detectors.map((detector) => [detector.name, detector] as const))(
  'whatever is in the logs, the evidence of %s is narrowed by texts that end where they end',
  (_, detector) => {
    fc.assert(
      fc.property(figures(detector.subject), (given: Figures) => {
        for (const { sql } of detector.evidence) {
          const bound = evidenceSql(sql, detector, { source: 's', figures: given, values: {} })
          // Without its text literals the SQL is the same whatever they say, save for IS NULL.
          const bare = (text: string) => text.replace(/'(?:[^']|'')*'/g, "''").replace(/ IS NULL/g, " = ''")
          const calm = Object.fromEntries(detector.subject.map((column) => [column, 'x']))
          expect(bare(bound)).toBe(
            bare(evidenceSql(sql, detector, { source: 's', figures: calm, values: {} })),
          )
        }
      }),
      { numRuns: 25 },
    )
  },
)

test.each([
  ['probing', { remote_ip: '203.0.113.9' }, '203.0.113.9/32'],
  ['exfiltration', { remote_ip: '2001:db8::1' }, '2001:db8::1/128'],
  ['new-network', { network: '203.0.113' }, '203.0.113.0/24'],
  ['new-network', { network: '2001:db8:' }, '2001:db8::/32'],
])('the policy that %s proposes names addresses as CIDR: %p', (name, figures, cidr) => {
  const detector = detectors.find((one) => one.name === name)
  const texts = detector?.remedies({ bucket: 'b', ...figures }).map(({ text }) => text)
  expect(texts?.join('\n')).toContain(`"aws:SourceIp": "${cidr}"`)
})
