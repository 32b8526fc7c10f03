import { readFileSync } from 'node:fs'
import { Check, Errors, Parse } from 'typebox/value'
import Type from 'typebox'
import type { TSchema } from 'typebox'
import { InvalidError } from '../errors.ts'
import { priceList, stepList } from './price-list.ts'
import type { PriceList } from './price-list.ts'
import { providers } from './prices.ts'

const { provider, ...others } = priceList.properties
const wholeFile = Type.Object({ provider, ...Type.Partial(Type.Object(others)).properties })

const withSteps = Type.Object({ steps: stepList })

const unknown: PriceList = {
  provider: '',
  gb_bytes: 1_073_741_824,
  subscription: null,
  storage: null,
  egress: null,
  cdn: null,
  writes: null,
  reads: null,
  cold: null,
  notes: [],
}

/** The prices to count with: those of Spaces, or what the file says. Throws one InvalidError that lists every problem of the file. */
export function readPrices(path: string | null): PriceList {
  if (path === null) return providers.spaces
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    throw refusal(path, [`it cannot be opened (${code})`])
  }
  return parsePrices(text, path)
}

/** As `readPrices`, of the text of a file: what it leaves out is taken from the provider of that name, else not known. */
export function parsePrices(text: string, path: string): PriceList {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw refusal(path, ['it is not JSON'])
  }
  const problems = problemsOf(json)
  if (problems.length > 0) throw refusal(path, problems)
  const file = Parse(wholeFile, json)
  const known: Record<string, PriceList> = providers
  return { ...unknown, ...known[file.provider], ...file }
}

function problemsOf(json: unknown): string[] {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return ['it is no object']
  const fields: Record<string, TSchema> = priceList.properties
  const lacking = 'provider' in json ? [] : ['provider is missing']
  const wrong = Object.entries(json).flatMap(([name, value]) => {
    const schema = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (!schema) return [`${name.slice(0, 60)} is not known`]
    const errors = Errors(schema, value)
      .filter(({ keyword, message }) => !silent.has(keyword) && message !== 'must be null')
      .map((error) => {
        const place = `${name}${error.instancePath.replaceAll('/', '.')}`
        if (error.keyword === 'required')
          return `${place} lacks ${error.params.requiredProperties.join(' and ')}`
        if (error.keyword === 'const') return `${place} must be ${String(error.params.allowedValue)}`
        return `${place} ${error.keyword === 'boolean' ? 'is not known' : error.message}`
      })
    const isRising = errors.length > 0 || areRising(value)
    return isRising ? errors : [`${name}.steps must rise in up_to, and only the last has null`]
  })
  return [...lacking, ...new Set(wrong)]
}

// What they say, the errors of their parts say better.
const silent = new Set(['additionalProperties', 'anyOf'])

/** True for what has no steps too. */
function areRising(value: unknown): boolean {
  if (!Check(withSteps, value)) return true
  return value.steps.every(({ up_to }, at) => {
    if (at === value.steps.length - 1) return up_to === null
    return up_to !== null && up_to > (value.steps[at - 1]?.up_to ?? 0)
  })
}

function refusal(path: string, problems: readonly string[]): InvalidError {
  const count = `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`
  return new InvalidError(
    `Cannot read the prices of PRICES_FILE (${path}): ${count}${problems.map((line) => `\n  ${line}`).join('')}`,
    'docs/cost.md shows a whole file',
    'invalid_prices',
  )
}
