import type { TObject } from 'typebox'
import type { Access, Endpoint } from '../../api/endpoint.ts'
import { endpoints, errorAnswer } from '../../api/endpoints.ts'
import { credentialFields, headerNamed } from '../../api/parameters.ts'
import { record } from '../../schema.ts'
import { pages } from '../../web/pages.ts'

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
  openapi: string
  info: Json
  paths: Record<string, Record<string, Operation>>
}

const key = { ApiKey: [] as [] }
const spaces = { SpacesKey: [] as [], SpacesSecret: [] as [] }
const session = { Session: [] as [] }
const securities: Record<Access, Record<string, []>[]> = {
  open: [],
  session: [],
  api_key: [key, session],
  storage: [spaces, session],
  credentials: [spaces, session],
  own_rows: [key, spaces, session],
}

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

/** Describes the whole API, from what is declared of it. */
export function createDocument(): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {}
  const add = (method: string, route: string, endpoint: Endpoint): void => {
    const path = route.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(method, route, endpoint) }
  }
  for (const [name, endpoint] of Object.entries<Endpoint>(endpoints)) {
    const [method = '', path = ''] = name.split(' ')
    add(method, path, endpoint)
  }
  // A page may share its address with what it asks, and is then left to whoever reads the answer.
  for (const { path } of pages) if (paths[path] && !paths[path]['get']) add('GET', path, page)
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
      schemas: { Error: plain(errorAnswer) },
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

const page: Endpoint = {
  access: 'open',
  summary: 'The page of that name, for people',
  media: ['text/html'],
}

function operationOf(method: string, path: string, endpoint: Endpoint): Operation {
  const { access, summary, query, params, body } = endpoint
  const asksStorage = access !== 'open' && access !== 'session' && access !== 'api_key'
  const parameters = [
    ...parametersIn('path', params),
    ...parametersIn('query', query),
    ...(asksStorage ? headerReferences : []),
  ]
  const errors = errorsOf(access, body !== undefined, path.includes(':'))
  return {
    operationId: `${method.toLowerCase()} ${path}`.replace(/\W+/g, '_'),
    tags: [path.split('/')[1] || 'pages'],
    summary,
    security: securities[access],
    parameters,
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: plain(body) } } },
    }),
    responses: {
      ...Object.fromEntries(
        errors.map((status) => [status, { $ref: `#/components/responses/Error${status}` }]),
      ),
      ...answersOf(endpoint),
    },
  }
}

function answersOf({ answer: schema, csv, media = [], also, others = [] }: Endpoint): Json {
  const text = { schema: { type: 'string' } }
  const answer = {
    description: 'The answer',
    content: {
      ...(schema && { 'application/json': { schema: plain(schema) } }),
      ...(csv && { 'text/csv': text }),
      ...Object.fromEntries(media.map((type) => [type, text])),
    },
  }
  return {
    200: answer,
    ...(also !== undefined && { [also]: answer }),
    ...Object.fromEntries(others.map((status) => [status, { description: 'As the protocol has it' }])),
  }
}

function errorsOf(access: Access, hasBody: boolean, hasName: boolean): number[] {
  // A body may hold credentials too.
  const readsStorage = access === 'storage' || access === 'credentials' || access === 'own_rows' || hasBody
  return [
    400,
    ...((access === 'open' || access === 'session') && !hasBody ? [] : [401]),
    ...(readsStorage ? [403, 404, 409] : hasName ? [404] : []),
    ...(hasBody ? [411, 413] : []),
    429,
    431,
    503,
  ]
}

function parametersIn(place: Parameter['in'], schema: TObject | undefined): Parameter[] {
  const { properties = {}, required = [] } = (plain(schema ?? {}) ?? {}) as {
    properties?: Record<string, Json & { description?: string }>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description && { description }),
    schema: rest,
  }))
}

// The key and its secret are what secures a request.
const headers = parametersIn('header', record(credentialFields))
  .filter(({ name }) => !name.startsWith('spaces_'))
  .map(({ name, description, ...rest }) => ({
    ...rest,
    name: headerNamed(name),
    description: name.endsWith('prefix') ? `${description}; percent-encoded or UTF-8` : description,
  }))

const headerReferences = headers.map(({ name }) => ({ $ref: `#/components/parameters/${name}` }))

function errorResponse(description: string): Json {
  return { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } }
}

/** Without what is no JSON. */
function plain(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema))
}
