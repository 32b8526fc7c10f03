import { operationType } from '../operation-type.ts'
import { describe } from './describe.ts'
import type { Access } from './describe.ts'
import { errorSchema } from './schemas.ts'

/** As far as it is known of a route of Elysia's `app.routes`. */
export interface DocumentedRoute {
  method: string
  path: string
  hooks: {
    detail?: { hide?: boolean; summary?: string; description?: string; 'x-access'?: Access; responses?: Json }
    query?: unknown
    params?: unknown
    body?: unknown
    response?: unknown
    transform?: unknown
  }
}

type Json = Record<string, unknown>

export interface Operation extends Json {
  operationId: string
  tags: string[]
  summary: string | undefined
  security: Record<string, []>[] | undefined
  parameters: (Parameter | { $ref: string })[]
  responses: Json
}

export interface Parameter {
  name: string
  in: 'query' | 'path' | 'header'
  required: boolean
  description?: string
  schema: Json
}

/** An OpenAPI document, https://spec.openapis.org/oas/v3.1.1.html */
export interface OpenApiDocument extends Json {
  paths: Record<string, Record<string, Operation>>
}

const key = { ApiKey: [] as [] }
const spaces = { SpacesKey: [] as [], SpacesSecret: [] as [] }
const session = { Session: [] as [] }
const securities: Record<Access, Record<string, []>[]> = {
  open: [],
  key: [key, session],
  caller: [spaces, session],
  scope: [key, spaces, session],
}
// The hooks that ask for credentials: what is declared is what is done.
const accessOfHook: Record<string, Access> = { needApiKey: 'key', needCaller: 'caller', needScope: 'scope' }

const texts: Record<number, string> = {
  400: 'What was sent is wrong; the message names it',
  401: 'Credentials are missing or wrong',
  403: 'The credentials do not allow it',
  404: 'There is no such thing',
  405: 'The address is known by other methods',
  409: 'It has changed meanwhile',
  411: 'The length of the body is not told',
  413: 'The body is too large',
  431: 'The address and the headers are too long together',
  429: 'Too many requests; Retry-After says when to come back',
  503: 'Something outside is away; trying again later helps',
}

/** Describes every route that is not hidden, from the route itself. */
export function createDocument(routes: readonly DocumentedRoute[]): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {}
  const shown = routes.filter(({ hooks }) => !hooks.detail?.hide)
  for (const route of shown) {
    const path = route.path.replace(/:(\w+)\??/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) }
  }
  // A page may share its address with what it asks.
  for (const { method, path, hooks } of routes)
    if (hooks.detail?.hide && paths[path])
      paths[path] = {
        ...paths[path],
        [method.toLowerCase()]: operationOf({ method, path, hooks: { detail: page } }),
      }
  return {
    openapi: '3.1.0',
    info: {
      title: 'SpaceWatch',
      version: '0.1.0',
      description:
        'Watches object storage through its access logs. Every error has the shape of `Error`; every list comes as CSV too.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Error: errorSchema },
      responses: Object.fromEntries(
        Object.entries(texts).map(([status, description]) => [
          `Error${status}`,
          // This one comes from below SpaceWatch, without a body.
          status === '431' ? { description } : errorResponse(description),
        ]),
      ),
      parameters: Object.fromEntries(headers.map((header) => [header.name, header])),
      securitySchemes: {
        ApiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
        SpacesKey: { type: 'apiKey', in: 'header', name: 'X-Spaces-Key' },
        SpacesSecret: { type: 'apiKey', in: 'header', name: 'X-Spaces-Secret' },
        Session: { type: 'apiKey', in: 'cookie', name: 'spacewatch_session' },
      },
    },
  }
}

const page = describe('The page of that name, for people', { media: ['text/html'], access: 'open' })

function operationOf({ method, path, hooks }: DocumentedRoute): Operation {
  const { detail = {}, query, params, body, response, transform } = hooks
  const access = detail['x-access'] ?? accessOf(transform)
  const parameters = [
    ...[...path.matchAll(/:(\w+)/g)].map(([, name = '']) => pathParameter(name, params)),
    ...queryParameters(query),
  ]
  const described = (detail.responses ?? {}) as Json
  const own = response === undefined ? {} : { 200: jsonResponse(response) }
  const errors = errorsOf(access, body !== undefined, path.includes(':'))
  return {
    operationId: `${method.toLowerCase()} ${operationType(path)}`.replace(/\W+/g, '_'),
    tags: [path.split('/')[1] || 'pages'],
    summary: detail.summary,
    ...(detail.description && { description: detail.description }),
    security: access && securities[access],
    parameters: [...parameters, ...(access === 'caller' || access === 'scope' ? headerReferences : [])],
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: plain(body) } } },
    }),
    responses: {
      ...Object.fromEntries(
        errors.map((status) => [status, { $ref: `#/components/responses/Error${status}` }]),
      ),
      ...(plain(described) as Json),
      ...own,
    },
  }
}

function accessOf(transform: unknown): Access | undefined {
  const hooks = Array.isArray(transform) ? transform : [transform]
  const names = hooks.map((hook: { fn?: { name?: string } } | undefined) => hook?.fn?.name ?? '')
  return names.map((name) => accessOfHook[name]).find((access) => access !== undefined)
}

function errorsOf(access: Access | undefined, hasBody: boolean, hasName: boolean): number[] {
  // A body may hold credentials too.
  const readsStorage = access === 'caller' || access === 'scope' || hasBody
  return [
    400,
    ...(access === 'open' && !hasBody ? [] : [401]),
    ...(readsStorage ? [403, 404, 409] : hasName ? [404] : []),
    ...(hasBody ? [411, 413] : []),
    429,
    431,
    503,
  ]
}

function queryParameters(query: unknown): Parameter[] {
  const { properties = {}, required = [] } = (query ?? {}) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = plain(schema) as Json & { description?: string }
    return {
      name,
      in: 'query',
      required: required.includes(name),
      ...(description && { description }),
      schema: rest,
    }
  })
}

function pathParameter(name: string, params: unknown): Parameter {
  const { properties = {} } = (params ?? {}) as { properties?: Record<string, Json> }
  const schema = plain(properties[name] ?? { type: 'string', minLength: 1, maxLength: 100 }) as Json
  return { name, in: 'path', required: true, schema }
}

function header(name: string, description: string): Parameter {
  return { name, in: 'header', required: false, description, schema: { type: 'string' } }
}

// Beside the key and its secret.
const headers = [
  header('X-Log-Bucket', 'the bucket that access logs are delivered to'),
  header('X-Log-Prefix', 'what the names of the access-log objects begin with; percent-encoded or UTF-8'),
  header('X-Metrics-Bucket', 'the bucket that snapshots are written to'),
  header('X-Metrics-Prefix', 'what the names of the snapshots begin with; percent-encoded or UTF-8'),
  header('X-Region', 'the region of the buckets'),
  header('X-Endpoint', 'the address of the object store'),
]

const headerReferences = headers.map(({ name }) => ({ $ref: `#/components/parameters/${name}` }))

function errorResponse(description: string): Json {
  return { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } }
}

function jsonResponse(schema: unknown): Json {
  return { description: 'The answer', content: { 'application/json': { schema: plain(schema) } } }
}

/** Without what is no JSON: Elysia's schemas carry symbols. */
function plain(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema))
}
