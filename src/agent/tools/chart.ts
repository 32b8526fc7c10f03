import Type from 'typebox'
import { InvalidError } from '../../errors.ts'
import { record } from '../../schema.ts'
import { defineTool } from '../tool.ts'

const name = (description: string) => Type.String({ minLength: 1, maxLength: 64, description })

export const chart = defineTool({
  name: 'chart',
  description: 'Shows rows that were fetched before as a chart: line over time, bar over names.',
  parameters: record({
    evidence: Type.String({ maxLength: 8, description: 'evidence of an earlier result, such as e1' }),
    kind: Type.Union([Type.Literal('line'), Type.Literal('bar')]),
    title: Type.String({ minLength: 1, maxLength: 120 }),
    x: name('the column along the axis'),
    y: Type.Array(name('a column of numbers'), { minItems: 1, maxItems: 6 }),
    series: Type.Optional(name('the column that tells lines apart')),
  }),
  async run({ evidence: id, series = null, ...given }, { evidence }) {
    const found = evidence.find((one) => one.id === id)
    if (!found) {
      throw new InvalidError(
        `Cannot draw '${id}': no such evidence`,
        `known are ${evidence.map((one) => one.id).join(', ') || 'none: fetch rows first'}`,
      )
    }
    const names = found.columns.map((column) => column.name)
    const missing = [given.x, ...given.y, ...(series === null ? [] : [series])].find(
      (one) => !names.includes(one),
    )
    if (missing !== undefined)
      throw new InvalidError(`Cannot draw the column '${missing}'`, `${id} has ${names.join(', ')}`)
    const rows = given.y.some((one) => found.rows.some((row) => typeof row[names.indexOf(one)] === 'number'))
    if (!rows)
      throw new InvalidError(
        `Cannot draw ${given.y.join(', ')}: there are no numbers in it`,
        'choose other columns',
      )
    return { columns: [], rows: [], chart: { evidence: id, series, ...given }, facts: { drawn: true } }
  },
})
