import Type from 'typebox'
import { Errors, Parse } from 'typebox/value'
import { record } from './schema.ts'
import { Secret } from './secret.ts'
import { spacesRegions } from './spaces-regions.ts'

/** Where access-log objects are read from. `endpoint` has no trailing slash; `pathStyle`: the bucket goes in the path, not the host. */
export interface SourceConfig {
  endpoint: string
  region: string
  key: string
  secret: Secret
  bucket: string
  prefix: string
  pathStyle: boolean
  /** A caller named it, and the operator does not vouch for it: only public addresses are connected to. */
  guarded?: boolean
}

/** Stands for a region that is not given. */
export const defaultRegion = 'sgp1'
const spacesHost = '.digitaloceanspaces.com'

/** The address of Spaces in a region. */
export function spacesEndpoint(region: string): string {
  return `https://${region}${spacesHost}`
}

/**
 * The short name of a log source: hex digits of SHA-256 over endpoint, bucket and prefix. `identity` tells apart what
 * has borne one bucket name; such names are longer, as callers choose what goes in and must find no two that are equal.
 */
export function sourceId({
  endpoint,
  bucket,
  prefix,
  identity,
}: Pick<SourceConfig, 'endpoint' | 'bucket' | 'prefix'> & { identity?: string }): string {
  const parts = [endpoint, bucket, prefix, ...(identity === undefined ? [] : [identity])]
  const digest = new Bun.CryptoHasher('sha256').update(JSON.stringify(parts)).digest('hex')
  return digest.slice(0, identity === undefined ? 12 : 32)
}

const text = Type.String({ minLength: 1 })
const LogSources = Type.Array(
  record({
    endpoint: Type.Optional(text),
    region: Type.Optional(text),
    key: text,
    secret: text,
    bucket: text,
    prefix: Type.Optional(Type.String()),
  }),
  { minItems: 1 },
)
type GivenSource = Type.Static<typeof LogSources>[number]

/** Reads the JSON of LOG_SOURCES; what is wrong with it goes to `problems`, without any value, and the list is then empty. */
export function parseLogSources(json: string, problems: string[]): GivenSource[] {
  if (!json) return []
  const example = `[{"region":"sgp1","key":"…","secret":"…","bucket":"my-logs"}]`
  let list: unknown
  try {
    list = JSON.parse(json)
  } catch {
    problems.push(`LOG_SOURCES is not JSON: write ${example}`)
    return []
  }
  // The error that additionalProperties causes in the object itself repeats the one for the property.
  const errors = Errors(LogSources, list).filter((error) => error.keyword !== 'additionalProperties')
  for (const error of errors) {
    const place = error.instancePath.replace(/\/(\d+)/, '[$1]').replaceAll('/', '.')
    const fact =
      error.keyword === 'required'
        ? `lacks ${error.params.requiredProperties.join(' and ')}`
        : error.keyword === 'boolean'
          ? 'is not known'
          : error.message
    problems.push(`LOG_SOURCES${place} ${fact}: write ${example}`)
  }
  return errors.length === 0 ? Parse(LogSources, list) : []
}

/** Completes and checks a source; what is wrong goes to `problems`, where `label` names the field. */
export function checkSource(
  given: GivenSource,
  label: (field: 'endpoint' | 'region' | 'bucket') => string,
  problems: string[],
): SourceConfig {
  const address = given.endpoint || spacesEndpoint(given.region || defaultRegion)
  const url = URL.parse(address)
  const isSpaces = url?.hostname.endsWith(spacesHost) ?? false
  const labels = isSpaces && url ? url.hostname.slice(0, -spacesHost.length).split('.') : []
  const inEndpoint = labels.findLast((label) => label !== 'cdn')
  const region = given.region || inEndpoint || defaultRegion
  const spaces = spacesEndpoint(region)

  if (!given.endpoint && !spacesRegions.includes(region))
    problems.push(
      `${label('region')} is '${region}': write one of ${spacesRegions.join(', ')}, or set ${label('endpoint')}`,
    )
  else if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
    problems.push(`${label('endpoint')} is no plain http or https address: write one such as ${spaces}`)
  else if (labels.length > 1)
    problems.push(
      `${label('endpoint')} is '${address}', which names more than the region: write ${spacesEndpoint(inEndpoint ?? region)}`,
    )
  else if (isSpaces && labels[0] !== region)
    problems.push(
      `${label('region')} is '${region}', but the endpoint is in ${labels[0]}: write ${labels[0]}, or unset one of them`,
    )
  if (given.bucket && !/^[A-Za-z0-9][\w.-]+$/.test(given.bucket))
    problems.push(`${label('bucket')} is no bucket name: write the name alone, such as my-logs`)

  return {
    endpoint: url ? url.origin + url.pathname.replace(/\/+$/, '') : address,
    region,
    key: given.key,
    secret: new Secret(given.secret),
    bucket: given.bucket,
    prefix: given.prefix ?? '',
    pathStyle: !isSpaces,
  }
}
