import { Elysia } from 'elysia'
import type { Access, AnswerOf, BodyOf, Endpoint, ParamsOf, QueryOf } from '../api/endpoint.ts'
import { endpoints } from '../api/endpoints.ts'
import type { EndpointName, Endpoints } from '../api/endpoints.ts'
import { InvalidError } from '../errors.ts'
import { isLogFormat } from '../log-formats.ts'
import { record } from '../schema.ts'
import type { Answered } from '../schema.ts'
import { needLogs } from './caller.ts'
import type { Caller } from './caller.ts'
import type { Listening } from './client-address.ts'
import { asCsv } from './csv.ts'
import { credentialsFromBody } from './given-credentials.ts'
import { createPlaces } from './places.ts'
import type { Principal, Principals, Reader } from './principal.ts'
import { createReadParameters, queryOf } from './read-parameters.ts'
import { unauthorized } from './sessions.ts'

type Admitted<Given> = Given extends { access: 'own_rows' }
  ? { reader: Reader }
  : Given extends { access: 'storage' }
    ? { caller: Caller }
    : Record<never, never>

/** What a handler gets: all of it checked, and who asks admitted. */
export type Context<Given> = Admitted<Given> & {
  /** `format` is that of the logs; how the answer is written is none of a handler's business. */
  query: QueryOf<Given>
  params: ParamsOf<Given>
  body: BodyOf<Given>
  /** Whether the answer is written as CSV. */
  csv: boolean
  principal: Principal
  request: Request
  /** Headers and status of the answer. */
  set: { headers: Record<string, string | number>; status?: number | string }
  /** Lets the connection be silent for so long; 0 for ever. */
  silence(seconds: number): void
}

type Reply<Given> = Answered<AnswerOf<Given>> | Response | string

/** Answers one endpoint of the API; access, parameters and CSV are seen to by what is declared of it. */
export type Route = <Name extends EndpointName>(
  name: Name,
  handler: (context: Context<Endpoints[Name]>) => Reply<Endpoints[Name]> | Promise<Reply<Endpoints[Name]>>,
) => void

// A listing of millions of objects is longer silent than Bun lets a request be.
const silent_seconds = 120

// Each may be 16 MB, which are 80 as rows.
const csvAnswers = { of_one: 2, total: 6 }

/** The endpoints that `add` gives handlers to, each asked for by who may ask alone. */
export function createRouter(principals: Principals, add: (route: Route) => void) {
  const csvPlaces = createPlaces(csvAnswers)
  const app = new Elysia({ normalize: false })

  function mount(name: EndpointName, handler: (context: never) => unknown): void {
    const endpoint: Endpoint = endpoints[name]
    const [method = '', path = ''] = name.split(' ')
    const read = createReading(endpoint)
    async function answer(received: Received): Promise<unknown> {
      const { request, server, set } = received
      const principal = principals.of(request, server)
      const silence = (seconds: number): void => server?.timeout(request, seconds)
      if (endpoint.access !== 'open' && endpoint.access !== 'session') silence(silent_seconds)
      const admitted = await admissions[endpoint.access](principal, endpoint, request, received.body)
      const asked = read(received)
      const handle = async (): Promise<unknown> =>
        handler({ ...admitted, ...asked, principal, request, set, silence } as never)
      return asked.csv ? answerCsv(endpoint, principal, handle) : handle()
    }
    app.route(method, path, answer, { parse: endpoint.body ? 'json' : 'none' })
  }

  /** What is sent is held until it has been read: nobody fills the memory by reading slowly. */
  async function answerCsv(
    endpoint: Endpoint,
    principal: Principal,
    handle: () => Promise<unknown>,
  ): Promise<Response> {
    const free = csvPlaces.take(principal.limits().name)
    try {
      return asCsv((await handle()) as object, endpoint, free)
    } catch (error) {
      free()
      throw error
    }
  }

  add(mount as Route)
  return app
}

/** Reads and checks what a request for this endpoint asks. */
function createReading({ query, params, body, csv }: Endpoint) {
  const readQuery = createReadParameters(query ?? noParameters)
  const readParams = params && createReadParameters(params)
  const readBody = body && createReadParameters(body)
  return (received: Received) => {
    const { format, ...rest } = readQuery(queryOf(received.request.url))
    const sent = readBody?.(bodyOf(received.body))
    // Which rows, and how they are written.
    const words = String(format ?? sent?.['format'] ?? '').split(',')
    const logFormat = words.find(isLogFormat)
    return {
      query: { ...rest, ...(logFormat && { format: logFormat }) },
      params: readParams?.(received.params as Record<string, unknown>) ?? {},
      body: sent,
      csv: csv !== undefined && words.includes('csv'),
    }
  }
}

/** As Elysia gives it. */
interface Received {
  request: Request
  server: (Listening & { timeout(request: Request, seconds: number): void }) | null
  params: unknown
  body: unknown
  set: Context<Endpoint>['set']
}

const noParameters = record({})

type Admit = (
  principal: Principal,
  endpoint: Endpoint,
  request: Request,
  body: unknown,
) => object | Promise<object>

/** Who is let in, by what is declared. */
const admissions: Record<Access, Admit> = {
  open: () => ({}),
  session: () => ({}),
  credentials(principal) {
    principal.given()
    return {}
  },
  api_key({ kind }, _, request) {
    if (kind === 'operator') return {}
    throw unauthorized(
      request,
      'Cannot answer without the right API key',
      'send APP_API_KEY in the header X-API-Key',
    )
  },
  async own_rows(principal, { body: taken, without_logs }, _, body) {
    const inBody = taken && 'spaces_key' in taken.properties ? credentialsFromBody(body) : undefined
    const reader = await principal.reader(inBody)
    if (reader.caller && !without_logs) needLogs(reader.caller)
    return { reader }
  },
  storage: async (principal) => ({ caller: await principal.caller() }),
}

function bodyOf(sent: unknown): Record<string, unknown> {
  if (typeof sent === 'object' && sent !== null && !Array.isArray(sent))
    return sent as Record<string, unknown>
  throw new InvalidError('Cannot read the body: it is no JSON object', 'send one', 'invalid_parameter')
}
