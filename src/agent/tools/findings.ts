import Type from 'typebox'
import { findingList, findingSeverities, findingStates } from '../../findings/answers.ts'
import type { Findings } from '../../findings/read-findings.ts'
import { orList, record } from '../../schema.ts'
import { tableOf } from '../records.ts'
import { defineTool } from '../tool.ts'
import { limitArgument } from './filters.ts'

const several = (known: readonly string[]) =>
  Type.Optional(Type.String({ maxLength: 200, description: `${orList(known)}, with commas between them` }))

export function listFindings(findings: Findings) {
  return defineTool({
    name: 'list_findings',
    description:
      'What is wrong, dangerous or costly, found by detectors without being asked: who deleted en masse, who probes, who is throttled. Ask it first when asked what is wrong or what happened.',
    parameters: record({
      state: several(findingStates),
      severity: several(findingSeverities),
      bucket: Type.Optional(Type.String({ maxLength: 1024, description: 'bucket names, with commas' })),
      window: Type.Optional(
        Type.String({ maxLength: 10, description: 'how far back, such as 7d; default 30d' }),
      ),
      ...limitArgument(20),
    }),
    async run({ limit = 20, ...given }, { scope }) {
      const { findings: found, judged, truncated } = await findings.list({ ...given, limit }, scope)
      const flat = found.map((one) => ({ ...one, subject: JSON.stringify(one.subject) }))
      return { ...tableOf(findingList.properties.findings, flat), truncated, facts: { judged } }
    },
  })
}

export function readFinding(findings: Findings) {
  return defineTool({
    name: 'read_finding',
    description: 'One finding by its id of list_findings: evidence rows, thresholds, what to do, history.',
    parameters: record({ id: Type.String({ maxLength: 40, description: 'an id of list_findings' }) }),
    async run({ id }, { scope, turns_of, signal }) {
      const { evidence, sightings: _, ...facts } = await findings.read(id, { scope, turns_of, signal })
      const [first] = evidence
      return {
        columns: first?.columns ?? [],
        rows: first?.rows ?? [],
        facts,
        ...(first && { sql: first.sql, truncated: first.truncated }),
      }
    },
  })
}
