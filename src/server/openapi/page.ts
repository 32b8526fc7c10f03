import { createHash } from 'node:crypto'
import type { OpenApiDocument, Operation, Parameter } from './document.ts'

const style = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --soft: color-mix(in srgb, currentColor 65%, transparent) }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 6rem }
h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2.5rem 0 .5rem }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 1rem 0 } a { color: inherit }
details { border: 1px solid var(--line); border-radius: 8px; margin: .4rem 0; padding: .5rem .8rem }
summary { cursor: pointer } summary span { color: var(--soft) }
code { font: 13px ui-monospace, monospace } b.method { display: inline-block; min-width: 4.2em; font: 600 12px ui-monospace, monospace }
table { border-collapse: collapse; width: 100%; margin: .6rem 0 } td { border-top: 1px solid var(--line); padding: .3rem .6rem .3rem 0; vertical-align: top }
p { margin: .5rem 0; color: var(--soft) } pre { overflow-x: auto; margin: .5rem 0 }
`

/** Allows the style of the page, and nothing else from anywhere. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** The document for people: HTML alone, no script. */
export function renderPage(document: OpenApiDocument): string {
  const groups = new Map<string, string[]>()
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const group = operation.tags[0] ?? ''
      groups.set(group, [...(groups.get(group) ?? []), renderOperation(method, path, operation, document)])
    }
  }
  const names = [...groups.keys()]
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>API · SpaceWatch</title><style>${style}</style></head>
<body><h1>SpaceWatch API</h1>
<p>The same as <a href="/openapi.json">/openapi.json</a>, for reading. <a href="/">Back to the pages</a></p>
<nav>${names.map((name) => `<a href="#${escape(name)}">${escape(name)}</a>`).join('')}</nav>
${names.map((name) => `<h2 id="${escape(name)}">/${escape(name)}</h2>\n${groups.get(name)?.join('\n')}`).join('\n')}
</body></html>
`
}

function renderOperation(
  method: string,
  path: string,
  { summary = '', security = [], parameters, requestBody, responses }: Operation,
  document: OpenApiDocument,
): string {
  const rows = parameters.flatMap((parameter) => ('$ref' in parameter ? [] : [renderParameter(parameter)]))
  const body = requestBody ? properties(schemaOf(requestBody)) : []
  const answers = Object.entries(responses).map(([status, answer]) => renderAnswer(status, answer, document))
  return `<details><summary><b class="method">${method.toUpperCase()}</b> <code>${escape(path)}</code> <span>${escape(summary)}</span></summary>
<p>${escape(accessText(security))}</p>
${rows.length > 0 ? `<table>${rows.join('')}</table>` : ''}
${body.length > 0 ? `<p>Body</p><table>${body.map(([name, type, text]) => row(name, type, text)).join('')}</table>` : ''}
<p>Answers</p><table>${answers.join('')}</table>
<pre><code>${escape(example(method, path, security, parameters))}</code></pre></details>`
}

function renderParameter({ name, in: place, required, description = '', schema }: Parameter): string {
  const kind = `${place}${required ? ', required' : ''}`
  const pattern = typeof schema['pattern'] === 'string' ? ` ${schema['pattern']}` : ''
  return row(name, kind, description + (description ? '' : pattern))
}

function renderAnswer(status: string, answer: unknown, document: OpenApiDocument): string {
  const { $ref } = answer as { $ref?: string }
  const found = $ref === undefined ? answer : lookUp(document, $ref)
  const { description = '', content = {} } = found as { description?: string; content?: object }
  const fields = $ref === undefined ? properties(schemaOf(found)).map(([name]) => name) : []
  return row(status, Object.keys(content).join(', '), fields.length > 0 ? fields.join(', ') : description)
}

function row(name: string, kind: string, text: string): string {
  return `<tr><td><code>${escape(name)}</code></td><td>${escape(kind)}</td><td>${escape(text)}</td></tr>`
}

function accessText(security: Operation['security']): string {
  if (!security || security.length === 0) return 'Open to everybody.'
  const ways = security.map((way) => Object.keys(way).join(' with '))
  return `Takes ${ways.join(', or ')}.`
}

function example(
  method: string,
  path: string,
  security: Operation['security'] = [],
  parameters: Operation['parameters'],
): string {
  const needed = parameters.flatMap((one) =>
    '$ref' in one || one.in !== 'query' || !one.required ? [] : [one.name],
  )
  const query = needed.map((name) => `${name}=...`).join('&')
  const [way = {}] = security
  const names: Record<string, string> = {
    ApiKey: "-H 'X-Api-Key: ...'",
    SpacesKey: "-H 'X-Spaces-Key: ...'",
    SpacesSecret: "-H 'X-Spaces-Secret: ...' -H 'X-Log-Bucket: ...'",
  }
  const sent = Object.keys(way).map((name) => `${names[name] ?? ''} `)
  const verb = method === 'get' ? '' : `-X ${method.toUpperCase()} `
  return `curl ${verb}${sent.join('')}'http://localhost:8000${path}${query ? `?${query}` : ''}'`
}

function schemaOf(holder: unknown): unknown {
  const { content = {} } = holder as { content?: Record<string, { schema?: unknown }> }
  return content['application/json']?.schema
}

/** Name, type and description of each property. */
function properties(schema: unknown): [string, string, string][] {
  const { properties: all = {} } = (schema ?? {}) as {
    properties?: Record<string, { type?: string; description?: string }>
  }
  return Object.entries(all).map(([name, { type = '', description = '' }]) => [name, type, description])
}

function lookUp(document: OpenApiDocument, reference: string): unknown {
  return reference
    .split('/')
    .slice(1)
    .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], document)
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`)
}
