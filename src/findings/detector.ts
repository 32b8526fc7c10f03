import type { PriceList } from '../cost/price-list.ts'
import type { findingSeverities, periods, remedyLanguages } from './answers.ts'

export type Severity = (typeof findingSeverities)[number]
export type Period = (typeof periods)[number]

/** A number that a detector goes by, and that FINDINGS_FILE may set. */
export interface Threshold {
  default: number
  unit: string
  /** Why this number. */
  reason: string
  /** Where a published one stands; null: it is our own judgement. */
  source: string | null
}

/** Texts that a detector goes by, and that FINDINGS_FILE may set: in its SQL `IN {NAME}`. */
export interface TextList {
  default: readonly string[]
  /** What they are, and where they come from. */
  reason: string
}

/** A row of a detector's SQL by column, or what of it is kept. Timestamps are ISO 8601. All texts are as hostile as logs. */
export type Figures = Readonly<Record<string, string | number | boolean | null>>

/** Something to paste. */
export interface Remedy {
  title: string
  language: (typeof remedyLanguages)[number]
  text: string
}

/** Something that SQL over closed time can show to be wrong, dangerous or costly. */
export interface Detector {
  /** kebab-case; part of the ids of its findings. */
  name: string
  title: string
  /** As a person would ask it. */
  question: string
  severity: Severity
  /** `hour`: its SQL gives a column `at`, the hour, and sees the hours of a day that are closed; `day`: it sees whole days. */
  every: Period
  thresholds: Readonly<Record<string, Threshold>>
  lists?: Readonly<Record<string, TextList>>
  /** So many days before the judged one are read too, as what is usual. */
  past_days: number
  /** The columns that make rows of one period different findings; the first one is `bucket` where there is one. */
  subject: readonly string[]
  /** The column that says how bad it is: of several hours the worst one is told. */
  measure: string
  /** True of a state that lasts, such as cold data: the newest figures are told and no days added up. */
  standing?: true
  /**
   * Over the tables of the gate, which narrows them to one source and to [{from} - past_days, {to}). `{from}` is the
   * beginning of the judged day, `{NAME}` a threshold. One row for each subject (and hour); the columns `requests`, `bytes`,
   * `first_seen` and `last_seen` are understood, all others are figures. At most a hundred rows count, in its order.
   */
  sql: string
  /** One sentence of what was seen. */
  says(figures: Figures): string
  /**
   * What this costs in US dollars: of `hour` the incident, as it may come once a month; of `day` a month of it, where
   * `requests` and `bytes` are those of `days`. Null: not known; without: it costs nothing.
   */
  usd?: (figures: Figures, days: number, prices: PriceList) => number | null
  /**
   * SQL as `POST /sql` takes it, over the time of the finding (the last week of it) and `before_days` before.
   * `{subject}` stands for source and subject, `{source}` for the source, `{COLUMN?}` for one column of the subject, `{NAME}` for a figure or threshold.
   */
  evidence: readonly { title: string; sql: string; before_days?: number }[]
  remedies(figures: Figures): readonly Remedy[]
}
