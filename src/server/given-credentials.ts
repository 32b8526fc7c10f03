/** Credentials as they came, in headers or in a body; an empty text counts as not given. */
export interface GivenCredentials {
  key?: string | undefined
  secret?: string | undefined
  log_bucket?: string | undefined
  log_prefix?: string | undefined
  metrics_bucket?: string | undefined
  metrics_prefix?: string | undefined
  region?: string | undefined
  endpoint?: string | undefined
}

export function credentialsFromHeaders(headers: Headers): GivenCredentials {
  const get = (name: string): string | undefined => headers.get(name) ?? undefined
  return {
    key: get('x-spaces-key'),
    secret: get('x-spaces-secret'),
    log_bucket: get('x-log-bucket'),
    log_prefix: get('x-log-prefix'),
    metrics_bucket: get('x-metrics-bucket'),
    metrics_prefix: get('x-metrics-prefix'),
    region: get('x-region'),
    endpoint: get('x-endpoint'),
  }
}
