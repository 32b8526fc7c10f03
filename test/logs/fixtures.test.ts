import { expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { s3Fields } from '../../src/logs/s3.ts'

const folder = `${import.meta.dir}/../../../shared/fixtures/access-logs`

interface Expected {
  reject: string | null
  fields: Record<string, string | null> | null
}

// A column that is `-` and one that is not there are the same.
function present(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}

// They lie beside a checkout that is tested for others, and are no part of it.
const isHere = existsSync(folder) || process.env['CI'] === 'true'
const name = 'every column of the shared access-log lines agrees with what they must parse to'

test.skipIf(!isHere)(`${name} (../shared/fixtures/access-logs)`, async () => {
  const lines = (await Bun.file(`${folder}/lines.log`).text()).trimEnd().split('\n')
  const truths = (await Bun.file(`${folder}/expected.jsonl`).text()).trimEnd().split('\n')
  expect(lines.length).toBe(truths.length)
  lines.forEach((line, index) => {
    const { reject, fields }: Expected = JSON.parse(truths[index] ?? '')
    const got = s3Fields(line)
    if (reject !== null) expect(got).toBeString()
    else
      expect({ line: index + 1, ...present(Object(got)) }).toEqual({
        line: index + 1,
        ...present(fields ?? {}),
      })
  })
})
