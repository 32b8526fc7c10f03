import Type from 'typebox'
import { causeNames, costAnswer, costParams } from '../../cost/answers.ts'
import type { CostAnswer } from '../../cost/answers.ts'
import type { ReadCost } from '../../cost/read-cost.ts'
import { oneOf, orList } from '../../schema.ts'
import { tableOf, words } from '../records.ts'
import { defineTool } from '../tool.ts'

const aboutNames = ['parts', 'causes', 'what_if', 'storage', 'days'] as const

export function readCost(read: ReadCost) {
  return defineTool({
    name: 'read_cost',
    description: `What the calendar month costs in USD so far and will cost (facts.total), and one table: its parts (storage, egress of origin and CDN, requests), its causes by ${orList(causeNames)}, what_if changes would save, storage by bucket, or days with their forecast. Say what facts.not_known leaves out.`,
    parameters: Type.Object(
      { about: Type.Optional(oneOf(aboutNames, 'which table; parts by default')), ...costParams },
      { additionalProperties: false },
    ),
    async run({ about = 'parts', ...params }, { scope, turns_of, signal }) {
      const answer = await read(params, { scope, turns_of, signal })
      const { month, is_over, total, allowances, not_known, prices, coverage } = answer
      const sql = answer.parts.find(({ part }) => part === 'origin_egress')?.proof?.sql
      const facts = { month, is_over, total, allowances, not_known, provider: prices.provider }
      return { ...tables[about](answer), coverage, facts, ...(sql && { sql }) }
    },
  })
}

const money = { type: 'DOUBLE' } as const
const { properties } = costAnswer

const tables: Record<(typeof aboutNames)[number], (answer: CostAnswer) => ReturnType<typeof tableOf>> = {
  parts: ({ parts }) => ({
    columns: [
      { name: 'part', ...words },
      { name: 'unit', ...words },
      ...['amount', 'usd', 'forecast_usd', 'forecast_usd_low', 'forecast_usd_high'].map((name) => ({
        name,
        ...money,
      })),
      { name: 'how', ...words },
    ],
    rows: parts.map(({ part, unit, amount, usd, forecast, how }) => [
      part,
      unit,
      amount,
      usd,
      forecast?.usd ?? null,
      forecast?.usd_low ?? null,
      forecast?.usd_high ?? null,
      how,
    ]),
  }),
  causes: ({ causes }) =>
    tableOf(
      properties.causes.items.properties.rows,
      causes.flatMap(({ rows }) => rows),
    ),
  what_if: ({ what_if }) => ({
    columns: [
      { name: 'change', ...words },
      { name: 'bytes', ...money, unit: 'Bytes' },
      { name: 'usd_saved', ...money },
      { name: 'usd_saved_beyond_allowance', ...money },
      { name: 'assumption', ...words },
      { name: 'why', ...words },
    ],
    rows: what_if.map(({ change, bytes, usd_saved, usd_saved_beyond_allowance, assumption, why }) => [
      change,
      bytes,
      usd_saved,
      usd_saved_beyond_allowance,
      assumption,
      why,
    ]),
  }),
  storage: ({ storage }) => tableOf(properties.storage, storage),
  days: ({ by_day }) => tableOf(properties.by_day, by_day),
}
