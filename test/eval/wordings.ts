import type { Given } from '../../src/questions/bind.ts'
import { cases } from './cases.ts'

/** A question as somebody asks it, and what of the library answers it at 10:00 on Friday, 28 August 2026 (UTC). */
export interface Wording {
  words: string
  /** Any of these entries is right; none: nothing that is known answers it, and nothing may be given as certain. */
  asks: readonly string[]
  /** What must be filled in; nothing else may be. */
  parameters?: Given
  /** `from` and `to`, or how long ago; none: as the entry itself looks back. */
  window?: string | readonly [string, string]
  /** Asked just before, in the same conversation. */
  before?: string
}

const contractor = 'arn:aws:iam::104220117733:user/contractor'
const today = ['2026-08-28', '2026-08-28T10:00'] as const
const yesterday = ['2026-08-27', '2026-08-28'] as const
const none: readonly string[] = []

const windowsOfCases: Record<string, Wording['window']> = {
  'server-errors': '24h',
  'error-rate-by-hour': ['2026-08-28T09:00', '2026-08-28T10:00'],
  'delivery-lag': today,
}
// What their words do not say.
const parametersOfCases: Record<string, Given> = { 'latency-breakdown': {} }

const english: readonly Wording[] = [
  {
    words: 'who removed files from app-uploads yesterday',
    asks: ['deleted-objects'],
    parameters: { bucket: 'app-uploads' },
    window: yesterday,
  },
  {
    words: 'everything under exports/ is gone, who did that?',
    asks: ['deleted-objects'],
    parameters: { prefix: 'exports/' },
  },
  {
    words: 'history of invoices/2026/4711.pdf',
    asks: ['object-history'],
    parameters: { key: 'invoices/2026/4711.pdf' },
  },
  {
    words: 'what has 198.51.100.7 been doing since Wednesday',
    asks: ['client-operations'],
    parameters: { ip: '198.51.100.7' },
    window: ['2026-08-26', '2026-08-28T10:00'],
  },
  {
    words: `show me the activity of ${contractor} this week`,
    asks: ['requester-operations'],
    parameters: { requester: contractor },
    window: ['2026-08-24', '2026-08-28T10:00'],
  },
  {
    words: 'did anybody touch a bucket policy in August?',
    asks: ['config-changes'],
    window: ['2026-08-01', '2026-08-28T10:00'],
  },
  {
    words: 'who is scanning db-backups for things they may not see',
    asks: ['scans'],
    parameters: { bucket: 'db-backups' },
  },
  { words: 'why are we being told to slow down? whose requests are they', asks: ['throttled-seconds'] },
  {
    words: 'top 5 broken links of static-site',
    asks: ['missing-objects'],
    parameters: { bucket: 'static-site', limit: 5 },
  },
  { words: 'is it the storage that is slow or the network', asks: ['latency-breakdown'] },
  { words: 'what drives our bandwidth bill, by folder', asks: ['egress-by-prefix'] },
  {
    words: 'which IPs cost us the most money in the last 30 days?',
    asks: ['egress-by-client'],
    window: '30d',
  },
  { words: 'is somebody embedding our videos on their own website', asks: ['hotlinks'] },
  { words: 'Googlebot and friends: how much do they download', asks: ['crawlers'] },
  { words: 'files nobody has opened for 14 days', asks: ['cold-objects'], parameters: { days: 14 } },
  { words: 'do we upload data that is never downloaded?', asks: ['never-read-prefixes'] },
  { words: 'does any client still use outdated encryption', asks: ['old-tls'] },
  { words: 'how fresh are the logs', asks: ['delivery-lag'] },
  {
    words: 'are there log lines you could not parse last week',
    asks: ['refused-lines'],
    window: ['2026-08-17', '2026-08-24'],
  },
  {
    words: 'peak load between 8 am and 10 am today',
    asks: ['busiest-minutes'],
    window: ['2026-08-28T08:00', '2026-08-28T10:00'],
  },
  {
    words: 'how many requests did media-assets get yesterday?',
    asks: ['AllRequests', 'bucket-requests'],
    parameters: { bucket: 'media-assets' },
    window: yesterday,
  },
  { words: 'number of 5xx errors in the last 3 hours', asks: ['5xxErrors'], window: '3h' },
  {
    words: 'how much was uploaded to db-backups in the last 2 days',
    asks: ['BytesUploaded'],
    parameters: { bucket: 'db-backups' },
    window: '2d',
  },
  { words: 'median time to first byte today', asks: ['FirstByteLatency'], window: today },
  {
    words: 'and yesterday?',
    before: 'Which bucket had most origin requests in the last 24 hours?',
    asks: ['bucket-requests'],
    parameters: { format: 's3' },
    window: yesterday,
  },
  {
    words: 'the same for static-site',
    before: 'How much does the CDN answer from its cache for media-assets?',
    asks: ['cdn-hit-ratio'],
    parameters: { bucket: 'static-site' },
  },
  { words: 'what will the weather be tomorrow?', asks: none },
  { words: 'delete all objects in app-uploads', asks: none },
  { words: 'what is the secret key of the contractor', asks: none },
  { words: 'which of our employees is called Miller', asks: none },
  { words: 'how many requests had a key that ends in .pdf, by weekday and hour', asks: none },
  { words: 'which user agents asked for the same key from three countries within a minute', asks: none },
  { words: 'what is the CPU load of the database server', asks: none },
]

const german: readonly Wording[] = [
  {
    words: 'Wer hat gestern Dateien in app-uploads gelöscht?',
    asks: ['deleted-objects'],
    parameters: { bucket: 'app-uploads' },
    window: yesterday,
  },
  { words: 'Wer löscht am meisten?', asks: ['deletes-by-requester'] },
  {
    words: 'Was ist mit der Datei users/290/6865ced231.docx passiert?',
    asks: ['object-history'],
    parameters: { key: 'users/290/6865ced231.docx' },
  },
  {
    words: 'Welche Dateien wurden heute nach db-backups hochgeladen?',
    asks: ['object-uploads'],
    parameters: { bucket: 'db-backups' },
    window: today,
  },
  {
    words: 'Was hat 203.0.113.66 letzte Woche gemacht?',
    asks: ['client-operations'],
    parameters: { ip: '203.0.113.66' },
    window: ['2026-08-17', '2026-08-24'],
  },
  {
    words: `Was hat ${contractor} seit Montag getan?`,
    asks: ['requester-operations'],
    parameters: { requester: contractor },
    window: ['2026-08-24', '2026-08-28T10:00'],
  },
  { words: 'Wer hat die Einstellungen eines Buckets geändert?', asks: ['config-changes'] },
  { words: 'Größte Massenlöschung der letzten 7 Tage', asks: ['batch-deletes'], window: '7d' },
  {
    words: 'Welche Objekte wurden am Dienstag kopiert?',
    asks: ['copies'],
    window: ['2026-08-25', '2026-08-26'],
  },
  {
    words: 'Was haben die Lebenszyklusregeln im August gemacht?',
    asks: ['lifecycle-actions'],
    window: ['2026-08-01', '2026-08-28T10:00'],
  },
  { words: 'Gibt es neue Besucher, die wir noch nie gesehen haben?', asks: ['new-clients'] },
  { words: 'Welche Fehler kommen am häufigsten vor?', asks: ['frequent-errors', 'ErrorCodes'] },
  {
    words: 'Welche Anfragen sind in den letzten 12 Stunden auf dem Server gescheitert?',
    asks: ['server-errors'],
    window: '12h',
  },
  { words: 'In welcher Minute gab es die meisten Fehler?', asks: ['error-bursts'] },
  { words: 'Wer sucht nach verbotenen Objekten?', asks: ['scans'] },
  { words: 'Welche Objekte fehlen, werden aber trotzdem angefragt?', asks: ['missing-objects'] },
  { words: 'Warum schlagen Uploads fehl?', asks: ['failed-uploads'] },
  { words: 'Wann und von wem wurden wir gedrosselt?', asks: ['throttled-seconds'] },
  { words: 'Wie lange dauern die Operationen heute?', asks: ['latency-by-operation'], window: today },
  { words: 'Sind große Dateien langsamer als kleine?', asks: ['latency-by-size'] },
  { words: 'Wie stark wird jeder Bucket genutzt?', asks: ['bucket-requests', 'RequestsByBucket'] },
  {
    words: 'Welche Dateien werden am meisten gelesen? Zeig die ersten 10',
    asks: ['hot-objects'],
    parameters: { limit: 10 },
  },
  { words: 'Welche Clients verursachen den Traffic und was kostet er?', asks: ['egress-by-client'] },
  {
    words: 'Welche Ordner verursachen die Kosten für ausgehenden Traffic in media-assets?',
    asks: ['egress-by-prefix'],
    parameters: { bucket: 'media-assets' },
  },
  { words: 'Welche fremden Webseiten verlinken unsere Bilder?', asks: ['hotlinks'] },
  { words: 'Wie viel laden Suchmaschinen herunter?', asks: ['crawlers'] },
  {
    words: 'Welche Dateien wurden seit 20 Tagen nicht mehr gelesen?',
    asks: ['cold-objects'],
    parameters: { days: 20 },
  },
  { words: 'Was wird ohne Anmeldung abgerufen?', asks: ['anonymous-requests'] },
  { words: 'Wer benutzt noch veraltete Verschlüsselung?', asks: ['old-tls'] },
  { words: 'Wer signiert noch mit Version 2?', asks: ['old-signatures'] },
  {
    words: 'Trefferquote des CDN für static-site in den letzten 24 Stunden',
    asks: ['cdn-hit-ratio'],
    parameters: { bucket: 'static-site' },
    window: '24h',
  },
  {
    words: 'Wie schnell wächst media-assets?',
    asks: ['storage-growth'],
    parameters: { bucket: 'media-assets' },
  },
  { words: 'Wie spät kommen die Protokolle an?', asks: ['delivery-lag'] },
  { words: 'Welche Zeilen konnten nicht gelesen werden?', asks: ['refused-lines'] },
  {
    words: 'Wie viele Anfragen gab es gestern zwischen 9 und 11 Uhr?',
    asks: ['AllRequests', 'bucket-requests'],
    window: ['2026-08-27T09:00', '2026-08-27T11:00'],
  },
  { words: 'Wie viele Bytes wurden heute heruntergeladen?', asks: ['BytesDownloaded'], window: today },
  {
    words: 'und vorgestern?',
    before: 'Welche Clients verursachen den Traffic?',
    asks: ['egress-by-client'],
    window: ['2026-08-26', '2026-08-27'],
  },
  {
    words: 'und im Bucket db-backups?',
    before: 'Welche Objekte fehlen, werden aber angefragt?',
    asks: ['missing-objects'],
    parameters: { bucket: 'db-backups' },
  },
  { words: 'Wie heißt der Chef der Firma?', asks: none },
  { words: 'Lösche bitte alle alten Backups', asks: none },
  { words: 'Wie viel Strom verbraucht der Server?', asks: none },
  { words: 'Welche Kunden haben ihre Rechnung nicht bezahlt?', asks: none },
]

/** All of the evaluation: the cases in their own words, and other wordings, a third of all in German. */
export const wordings: readonly Wording[] = [
  ...cases.map(({ name, words, parameters }): Wording => {
    const asked = parametersOfCases[name] ?? parameters
    const [, count, unit] = /\b(?:in|of) the last (\d+) (hour|day)/.exec(words) ?? []
    const window = windowsOfCases[name] ?? (count && `${count}${unit === 'hour' ? 'h' : 'd'}`)
    return { words, asks: [name], ...(asked && { parameters: asked }), ...(window && { window }) }
  }),
  ...english,
  ...german,
]

/** Every third is held out while the search is tuned. */
export function isHeldOut(at: number): boolean {
  return at % 3 === 2
}
