import { at } from '../plant.ts'
import type { Plant } from '../plant.ts'
import { request } from '../request.ts'

const agents = [
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; GPTBot/1.3; +https://openai.com/gptbot',
  'Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)',
  'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)',
  'CCBot/2.0 (https://commoncrawl.org/faq/)',
  'Mozilla/5.0 (compatible; archive.org_bot +http://archive.org/details/archive.org_bot)',
] as const
const names = ['gptbot', 'bytespider', 'applebot', 'ccbot', 'archive.org_bot']

export const crawlerPlants: readonly Plant[] = [
  {
    what: 'five crawlers fetch reports on one day, however they write their name',
    operations: agents.flatMap((user_agent, which) =>
      Array.from({ length: 50 }, (_, n) =>
        request({
          at_ms: at(22, 1 + which) + n * 30_000,
          bucket: 'site',
          key: `downloads/${which}/report-${n}.pdf`,
          object_size: 25_000_000,
          requester: null,
          remote_ip: `198.19.251.${which}`,
          user_agent,
        }),
      ),
    ),
    findings: names.map((crawler, which) => ({
      detector: 'crawlers',
      subject: { bucket: 'site', crawler },
      first_seen_ms: at(22, 1 + which),
    })),
  },
]
