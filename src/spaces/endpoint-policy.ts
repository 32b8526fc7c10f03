import { InvalidError } from '../errors.ts'
import { defaultRegion, spacesEndpoint } from '../source-config.ts'
import { spacesRegions } from '../spaces-regions.ts'

/** An object store that may be called, spelled by SpaceWatch and never by the caller. */
export interface SpacesEndpoint {
  endpoint: string
  region: string
  pathStyle: boolean
  /** The operator does not vouch for it: each address is checked when a connection is made. */
  guarded: boolean
}

export interface EndpointPolicyOptions {
  /** What the operator vouches for, with scheme and port, as callers must write it; it may be private. */
  vouched: readonly string[]
  /** Stands for a caller's endpoint and region while neither is given; default: Spaces in sgp1. */
  fallback?: { endpoint: string; region: string }
}

export interface EndpointPolicy {
  /** Picks the object store that a caller names; an empty text counts as not given. Throws InvalidError `endpoint_refused`. */
  check(endpoint: string | undefined, region: string | undefined): SpacesEndpoint
  /** Adds an endpoint that is known only later: the demo's. */
  vouch(endpoint: string): void
}

/** What S3 servers that know no regions want to be signed for. */
const anyRegion = 'us-east-1'

/**
 * Decides which object stores callers may name: Spaces over https, and what the operator vouches for. A caller's text
 * is only ever looked up in that list, so no way of spelling an address leads anywhere else.
 */
export function createEndpointPolicy({ vouched, fallback }: EndpointPolicyOptions): EndpointPolicy {
  const spaces = new Map(spacesRegions.map((region) => [spacesEndpoint(region), region]))
  const trusted = new Set(vouched)
  if (fallback) trusted.add(fallback.endpoint)

  function check(endpoint: string, region: string | undefined): SpacesEndpoint {
    const spacesRegion = spaces.get(endpoint)
    const guarded = !trusted.has(endpoint)
    if (spacesRegion === undefined && guarded) throw refusal('the endpoint is not one that may be called')
    if (spacesRegion !== undefined) {
      if ((region ?? spacesRegion) !== spacesRegion)
        throw refusal(`the endpoint is in ${spacesRegion}, but another region is given`)
      return { endpoint, region: spacesRegion, pathStyle: false, guarded }
    }
    if (region !== undefined && !/^[a-z0-9-]{1,32}$/.test(region)) throw refusal('the region is none')
    const own = endpoint === fallback?.endpoint ? fallback.region : anyRegion
    return { endpoint, region: region ?? own, pathStyle: true, guarded }
  }

  return {
    check(givenEndpoint, givenRegion) {
      const endpoint = givenEndpoint || undefined
      const region = givenRegion || undefined
      if (endpoint !== undefined) return check(endpoint, region)
      if (region !== undefined && spacesRegions.includes(region)) return check(spacesEndpoint(region), region)
      if (fallback && (region ?? fallback.region) === fallback.region) return check(fallback.endpoint, region)
      if (region !== undefined) throw refusal('the region is not known')
      return check(spacesEndpoint(defaultRegion), undefined)
    },
    vouch: (endpoint) => void trusted.add(endpoint),
  }
}

function refusal(fact: string): InvalidError {
  return new InvalidError(
    `Cannot use this object store: ${fact}`,
    `write https://REGION.digitaloceanspaces.com, with no slash at the end, where REGION is one of ${spacesRegions.join(', ')}, or what the operator allows with ALLOWED_ENDPOINTS`,
    'endpoint_refused',
  )
}
