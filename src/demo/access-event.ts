/** How a bucket is reached; decides the shape of its lines. */
export interface DemoBucket {
  name: string
  /** The bucket's CDN host, where it has one. */
  cdn_host: string | null
  /** The CDN's other name, by which half of its clients call it. */
  custom_host: string | null
  /** 25: without aclRequired, 26: with, 27: with the source region too. */
  columns: 25 | 26 | 27
}

/**
 * What really happened: one record of an access log, with every value decoded. The line writers encode it and the
 * truth counts it, so neither depends on how lines are read.
 */
export interface AccessEvent {
  /** Whole seconds, as the formats hold no more. */
  at_ms: number
  format: 's3' | 'cdn'
  bucket: DemoBucket
  operation: string
  /** False for BATCH.*, the source half of a copy and lifecycle records. */
  is_request: boolean
  method: string | null
  key: string | null
  /** As sent, without the question mark. */
  query: string
  status: number | null
  error_code: string | null
  bytes_sent: number
  /** Size of the upload; 0 for anything that is not one. */
  bytes_received: number
  object_size: number | null
  total_ms: number | null
  turnaround_ms: number | null
  remote_ip: string | null
  requester: string | null
  request_id: string
  referer: string | null
  user_agent: string | null
  version_id: string | null
  host_id: string
  host: string | null
  signature_version: 'SigV2' | 'SigV4' | null
  auth_type: 'AuthHeader' | 'QueryString' | null
  cipher: string | null
  tls_version: string | null
  http_version: string
  /** CDN only. */
  cache_result: string | null
  edge_location: string | null
  /** The planted incident that it belongs to. */
  incident: string | null
}
