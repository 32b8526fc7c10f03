import { t } from 'elysia'
import { coverageSchema, nullable } from './schemas.ts'

const text = t.String()
const count = t.Integer({ minimum: 0 })

export const chatAnswer = t.Object({
  answer: t.String({ description: 'Markdown without images and links' }),
  basis: text,
  proof: t.Object({}, { description: 'which figures the evidence holds' }),
  evidence: t.Array(
    t.Object({
      id: text,
      tool: text,
      sql: nullable(text),
      row_count: count,
      truncated: t.Boolean(),
      coverage: nullable(coverageSchema),
    }),
  ),
  charts: t.Array(t.Object({ kind: text, title: text, evidence: text })),
  coverage: nullable(coverageSchema),
  tool_used: nullable(text),
  bucket_used: nullable(text),
  conversation_id: text,
})
/** JSON-RPC 2.0, as the Model Context Protocol has it. */
export const mcpAnswer = t.Object({
  jsonrpc: t.Literal('2.0'),
  id: t.Optional(t.Union([t.String(), t.Number(), t.Null()])),
})
