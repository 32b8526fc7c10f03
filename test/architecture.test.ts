import { expect, test } from 'bun:test'
import { dirname, join } from 'node:path'

/** What each room, or file of the root, imports; it may also import whatever those import. main.ts may import all. */
const below: Record<string, string[]> = {
  services: ['server'],
  setup: ['server', 'servers', 'config'],
  server: ['watch', 'web', 'api'],
  watch: ['records', 'pipeline'],
  records: ['metrics'],
  agent: ['questions', 'explain', 'findings', 'search'],
  findings: ['sigma', 'cost', 'records', 'pipeline'],
  questions: ['cost'],
  cost: ['gate', 'records'],
  sigma: ['gate'],
  explain: ['gate'],
  gate: ['metrics', 'edit-distance'],
  pipeline: ['store', 'log-objects', 'source-config', 'retry'],
  'log-objects': ['logs', 'spaces'],
  metrics: ['store', 'schema', 'event-rules'],
  demo: ['servers', 'spaces', 'logs', 'progress'],
  servers: ['store'],
  store: ['logs', 'log', 'secret', 'retry'],
  spaces: ['errors', 'log', 'source-config', 'schema'],
  config: ['source-config', 'errors', 'edit-distance', 'variables'],
  variables: ['source-config'],
  'source-config': ['secret', 'schema', 'spaces-regions'],
  logs: ['errors', 'log-formats'],
  'log-formats': [],
  'event-rules': [],
  'edit-distance': [],
  'csv-text': [],
  errors: [],
  log: [],
  'npm-parent': [],
  progress: [],
  retry: ['errors'],
  schema: [],
  search: [],
  secret: [],
  'spaces-regions': [],
  web: ['csv-text', 'log-formats', 'event-rules', 'spaces-regions', 'search', 'api'],
  api: ['agent'],
}

/** What only these may know or say. */
const owners: [RegExp, string[]][] = [
  [/from '(elysia|@elysiajs)/, ['server', 'main']],
  [/from '(@aws-sdk|@smithy)\//, ['spaces', 'demo']],
  [/from '(pg|@questdb\/nodejs-client)'/, ['store', 'servers']],
  [/from 'openai/, ['agent']],
  [/\b(process|Bun|import\.meta)\.env\b/, ['config']],
  [/\breadConfig\(/, ['config', 'main', 'setup']],
  [/\bgunzipSync\b|@ts-(ignore|expect-error|nocheck)/, []],
  [/([:<|=]|\bas)\s*any\b(?! \w)|,\s*any\s*[>,]|\bany\[\]/, []],
]

const room = (path: string) => path.split('/')[1]?.replace(/\.ts$/, '') ?? ''
const reachable = (from: string): string[] => [from, ...(below[from] ?? []).flatMap(reachable)]
const code = (text: string) => text.replace(/\/\*[^]*?\*\/|(?<!['"`:\\])\/\/(?! *@ts).*/g, '')
const imports = (path: string, text: string) =>
  [...code(text).matchAll(/\b(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)].map(([, to = '']) =>
    join(dirname(path), to),
  )

/** Breaches of the house rules in a tree given as [path, text], each as `path: what`. */
function breaches(tree: [string, string][]): string[] {
  const found: string[] = []
  for (const [path, text] of tree) {
    const from = room(path)
    if (from !== 'main' && !(from in below)) found.push(`${path}: no such room`)
    if (/\/(index|types|utils?|constants|helpers?|common)(\.tsx?|\/)/.test(path))
      found.push(`${path}: name says nothing`)
    if (!/^[a-z0-9/.-]+$/.test(path)) found.push(`${path}: not kebab-case`)
    if (text.split('\n').length > 301) found.push(`${path}: over 300 lines`)
    const values = code(text).replace(/^(import|export) type [^]*?from '[^']*'/gm, '')
    for (const to of from === 'web' ? imports(path, values) : [])
      if (!['web', 'csv-text', 'log-formats', 'event-rules', 'spaces-regions', 'search'].includes(room(to)))
        found.push(`${path}: imports more than types of ${to}`)
    for (const to of imports(path, text))
      if (from !== 'main' && !reachable(from).includes(room(to))) found.push(`${path}: imports ${to}`)
    for (const [words, rooms] of owners)
      if (!rooms.includes(from) && words.test(code(text))) found.push(`${path}: ${words}`)
  }
  let rest: [string, string[]][] = tree.map(([path, text]) => [path, imports(path, text)])
  for (let before = Infinity; rest.length < before;) {
    before = rest.length
    const left = new Set(rest.map(([path]) => path))
    rest = rest.filter(([, all]) => all.some((to) => left.has(to)))
  }
  return [...found, ...rest.map(([path]) => `${path}: in or above a cycle`)]
}

test('src keeps the house rules', async () => {
  const root = join(import.meta.dir, '..')
  const paths = await Array.fromAsync(new Bun.Glob('src/**/*').scan(root))
  expect(paths).toContain('src/config.ts')
  const tree = paths.map(async (path): Promise<[string, string]> => [
    path,
    await Bun.file(join(root, path)).text(),
  ])
  expect(breaches(await Promise.all(tree))).toEqual([])
})

test.each([
  ['no such room', 'src/tools/a.ts', ''],
  ['no such room', 'src/a.ts', ''],
  ['name says nothing', 'src/logs/utils.ts', ''],
  ['name says nothing', 'src/logs/helpers/a.ts', ''],
  ['not kebab-case', 'src/logs/parseLine.ts', ''],
  ['over 300 lines', 'src/logs/a.ts', '\n'.repeat(301)],
  ['imports src/pipeline', 'src/store/a.ts', "import type { A } from '../pipeline/a.ts'"],
  ['imports src/server', 'src/web/a.tsx', "import type { A } from '../server/a.ts'"],
  ['imports more than types of src/store', 'src/web/a.tsx', "const a = await import('../store/a.ts')"],
  ['imports more than types of src/api', 'src/web/a.tsx', "import { a } from '../api/a.ts'"],
  ['imports src/config', 'src/server/a.ts', "import type { Config } from '../config.ts'"],
  ['imports src/main', 'src/server/a.ts', "import '../main.ts'"],
  ['elysia', 'src/metrics/a.ts', "import { t } from 'elysia'"],
  ['elysia', 'src/agent/a.ts', "import { openapi } from '@elysiajs/openapi'"],
  ['aws-sdk', 'src/pipeline/a.ts', "import type { S3Client } from '@aws-sdk/client-s3'"],
  ['(pg', 'src/metrics/a.ts', "import pg from 'pg'"],
  ['openai', 'src/server/a.ts', "import OpenAI from 'openai'"],
  ['env', 'src/log.ts', 'const level = process.env.LOG_LEVEL'],
  ['env', 'src/servers/a.ts', 'spawn({ env: { ...Bun.env } })'],
  ['readConfig', 'src/pipeline/a.ts', 'const config = readConfig()'],
  ['gunzipSync', 'src/spaces/a.ts', 'Bun.gunzipSync(bytes)'],
  ['any', 'src/logs/a.ts', 'const a: any = 1'],
  ['any', 'src/logs/a.ts', 'const a = b as any'],
  ['any', 'src/logs/a.ts', 'const a: Map<string, any> = b'],
  ['@ts-', 'src/logs/a.ts', '// @ts-ignore'],
])('house rules catch "%s" in %s', (what, path, text) => {
  expect(breaches([[path, text]]).join('\n')).toContain(what)
})

test('house rules catch a cycle', () => {
  const tree: [string, string][] = [
    ['src/logs/a.ts', "export * from './b.ts'"],
    ['src/logs/b.ts', "import type { C } from './c.ts'"],
    ['src/logs/c.ts', "import { a } from './a.ts'\nimport { d } from './d.ts'"],
    ['src/logs/d.ts', ''],
  ]
  expect(breaches(tree)).toEqual(['a', 'b', 'c'].map((name) => `src/logs/${name}.ts: in or above a cycle`))
})

test('house rules allow what the rooms are for', () => {
  const tree: [string, string][] = [
    [
      'src/main.ts',
      "import { a } from './server/a.ts'\nimport { readConfig } from './config.ts'\nreadConfig()",
    ],
    ['src/server/a.ts', "import { a } from '../logs/a.ts'\nimport { t } from 'elysia' // process.env: any"],
    [
      'src/logs/a.ts',
      "import { InvalidError } from '../errors.ts'\n/* as any */ const url = 'http://x: any size'",
    ],
    ['src/config.ts', 'process.env'],
  ]
  expect(breaches(tree)).toEqual([])
})
