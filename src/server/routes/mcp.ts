import { Elysia } from 'elysia'
import type { Tool } from '../../agent/tool.ts'
import type { Log } from '../../log.ts'
import type { FindAsker } from '../asker.ts'
import { mcpAnswer } from '../openapi/agent-schemas.ts'
import { describe } from '../openapi/describe.ts'

export interface McpRoutesOptions {
  findAsker: FindAsker
  tools: readonly Tool[]
  log: Log
}

// A chart is a part of an answer of /chat, and here there is none.
const notHere = new Set(['chart'])

/** `/mcp`: the agent's tools for any client of the Model Context Protocol, streamable HTTP without sessions. */
export function mcpRoutes({ findAsker, tools: all, log }: McpRoutesOptions) {
  const tools = all.filter(({ name }) => !notHere.has(name))
  return new Elysia({ normalize: false }).post(
    '/mcp',
    async ({ request, server }) => {
      server?.timeout(request, 120)
      const asker = await findAsker(request)
      // The protocol's library takes 15 MB: it is there from the first question on.
      const { answerMcp } = await import('../mcp-answer.ts')
      return answerMcp(request, tools, asker, log)
    },
    {
      parse: 'none',
      detail: describe('The tools of the agent, by the Model Context Protocol', {
        json: mcpAnswer,
        access: 'scope',
        others: [202, 406, 413, 415],
      }),
    },
  )
}
