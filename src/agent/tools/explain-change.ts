import Type from 'typebox'
import { baselineNames, measureNames } from '../../explain/answers.ts'
import type { Contribution } from '../../explain/answers.ts'
import { wholeExplanation } from '../../explain/explain.ts'
import type { Explain } from '../../explain/explain.ts'
import { oneOf, record } from '../../schema.ts'
import { defineTool } from '../tool.ts'
import { filterArguments, windowArguments } from './filters.ts'

/** Why a figure changed, without a model having to compare top lists. */
export function explainChange(explain: Explain) {
  return defineTool({
    name: 'explain_change',
    description:
      'Why a figure of the window from..to differs from its baseline: which clients, requesters, objects ... explain the difference, the strongest first. Use it for "why did X rise or fall".',
    parameters: record({
      ...windowArguments,
      measure: oneOf(measureNames, 'what changed'),
      baseline: Type.Optional(
        oneOf(
          baselineNames,
          'default neighbourhood: as long before and after; week: the same hours a week ago',
        ),
      ),
      threshold_ms: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 86_400_000, description: 'what slow_requests exceed' }),
      ),
      ...filterArguments,
    }),
    async run(params, { scope, turns_of, signal }) {
      const found = await wholeExplanation(explain({ params, scope, turns_of, signal }))
      const { headline, measure, unit, format, selection, baseline, total, causes, others, notes, coverage } =
        found
      const rowOf = (role: string, one: Contribution): unknown[] => [
        role,
        one.terms.map(({ dimension, value }) => `${dimension}: ${value ?? 'none'}`).join(' and '),
        one.selection,
        one.expected,
        one.difference,
        one.share_percent,
      ]
      const values = { type: 'DOUBLE', unit }
      return {
        columns: [
          { name: 'role', type: 'VARCHAR' },
          { name: 'values', type: 'VARCHAR' },
          { name: 'selection', ...values },
          { name: 'expected', ...values },
          { name: 'difference', ...values },
          { name: 'share', type: 'DOUBLE', unit: 'Percent' },
        ],
        rows: [
          ...causes.flatMap((cause) => [
            rowOf('cause', cause),
            ...cause.folded.map((one) => rowOf('came along with it', one)),
          ]),
          ...others.map((one) => rowOf('does not stand out', one)),
        ],
        sql: causes[0]?.sql ?? total.sql,
        coverage,
        facts: {
          headline,
          measure,
          format,
          window: selection,
          baseline,
          selection: total.selection,
          expected: total.expected,
          difference: total.difference,
          notes,
        },
      }
    },
  })
}
