import { sourceId } from '../source-config.ts'
import type { SourceConfig } from '../source-config.ts'
import type { SourceStatus } from './answers.ts'
import { startPipeline } from './pipeline.ts'
import type { Pipeline, PipelineOptions, SourceUsage } from './pipeline.ts'
import { nothingDone } from './status.ts'

export { sourceId } from '../source-config.ts'

export interface StartOptions {
  /** The short name of the source; default: sourceId. */
  source?: string
  /** Hears of a pipeline that has broken; default: `failed` rejects. */
  onBroken?: (error: unknown) => void
}

/** The log sources whose pipelines run in this process. */
export interface Sources {
  /** Starts the pipeline of a source unless it runs already; gives the source's short name. */
  start(config: SourceConfig, options?: StartOptions): Promise<string>
  /** True from the call of `start` to that of `end`. */
  has(source: string): boolean
  /** What a source costs since it was started; null while it is not. */
  usage(source: string): SourceUsage | null
  statuses(): SourceStatus[]
  /** Ends one source and forgets it; it may be started again at once. */
  end(source: string, deadline_ms: number): Promise<void>
  stop(deadline_ms: number): Promise<void>
  /** Rejects as soon as any pipeline has broken. */
  failed: Promise<never>
}

interface Running {
  config: SourceConfig
  started: Promise<Pipeline>
  /** null while it is starting. */
  pipeline: Pipeline | null
}

export function createSources(shared: Omit<PipelineOptions, 'source' | 'config'>): Sources {
  const running = new Map<string, Running>()
  const ending = new Map<string, Promise<void>>()
  const broken = Promise.withResolvers<never>()
  broken.promise.catch(() => {})

  function run(source: string, config: SourceConfig, onBroken: (error: unknown) => void): Running {
    const mine: Running = { config, pipeline: null, started: begin() }
    async function begin(): Promise<Pipeline> {
      // Two pipelines of one source would read everything twice.
      await ending.get(source)
      mine.pipeline = await startPipeline({ ...shared, source, config })
      mine.pipeline.finished.catch(onBroken)
      return mine.pipeline
    }
    return mine
  }

  return {
    async start(config, { source = sourceId(config), onBroken = broken.reject } = {}) {
      const mine = running.get(source) ?? run(source, config, onBroken)
      running.set(source, mine)
      try {
        await mine.started
      } catch (error) {
        // What could not be started may be started again.
        if (running.get(source) === mine) running.delete(source)
        throw error
      }
      return source
    },
    has: (source) => running.has(source),
    usage: (source) => running.get(source)?.pipeline?.usage() ?? null,
    statuses: () =>
      [...running].map(([source, { config, pipeline }]) => pipeline?.status() ?? starting(source, config)),
    async end(source, deadline_ms) {
      const mine = running.get(source)
      if (!mine) return
      running.delete(source)
      const ended = mine.started.then(
        (pipeline) => pipeline.stop(deadline_ms),
        () => {},
      )
      const over = ended
        .catch(() => {})
        .then(() => {
          if (ending.get(source) === over) ending.delete(source)
        })
      ending.set(source, over)
      await ended
    },
    async stop(deadline_ms) {
      const pipelines = [...running.values()].map(({ pipeline }) => pipeline)
      await Promise.all([...ending.values(), ...pipelines.map((pipeline) => pipeline?.stop(deadline_ms))])
    },
    failed: broken.promise,
  }
}

/** While the ledger is being loaded, nothing is known of the bucket. */
function starting(source: string, { endpoint, bucket, prefix }: SourceConfig): SourceStatus {
  return {
    source,
    endpoint,
    bucket,
    prefix,
    started_ms: Date.now(),
    actors: [],
    backlog: 0,
    listed: false,
    ...nothingDone,
  }
}
