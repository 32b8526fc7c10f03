import type { Tool } from '../../agent/tool.ts'
import type { Log } from '../../log.ts'
import type { Route } from '../router.ts'

// A chart is a part of an answer of /chat, and here there is none.
const notHere = new Set(['chart'])

/** `/mcp`: the agent's tools for any client of the Model Context Protocol, streamable HTTP without sessions. */
export function mcpRoutes(route: Route, { tools: all, log }: { tools: readonly Tool[]; log: Log }): void {
  const tools = all.filter(({ name }) => !notHere.has(name))
  route('POST /mcp', async ({ request, reader }) => {
    // The protocol's library takes 15 MB: it is there from the first question on.
    const { answerMcp } = await import('../mcp-answer.ts')
    return answerMcp(request, tools, reader, log)
  })
}
