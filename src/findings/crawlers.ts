/** Who fetches without a person, and what for. */
interface Crawler {
  /** As robots.txt and user agents write it. */
  name: string
  operator: string
  purpose: 'search' | 'model training' | 'answers' | 'previews' | 'archive' | 'marketing data'
  /** Where its operator describes it. */
  source: string
}

const of = (
  operator: string,
  source: string,
  purpose: Crawler['purpose'],
  ...names: readonly string[]
): Crawler[] => names.map((name) => ({ name, operator, purpose, source }))

/** Crawlers that say who they are; `also` of `crawlers` in FINDINGS_FILE names more. `source` is where its operator tells of it. */
export const crawlers: readonly Crawler[] = [
  ...of(
    'Google',
    'https://developers.google.com/search/docs/crawling-indexing/overview-google-crawlers',
    'search',
    'Googlebot',
    'Googlebot-Image',
    'Googlebot-Video',
    'Storebot-Google',
    'GoogleOther',
    'GoogleOther-Image',
    'GoogleOther-Video',
  ),
  ...of(
    'Microsoft',
    'https://www.bing.com/webmasters/help/which-crawlers-does-bing-use-8c184ec0',
    'search',
    'bingbot',
  ),
  ...of(
    'Yandex',
    'https://yandex.com/support/webmaster/robot-workings/user-agent.html',
    'search',
    'YandexBot',
    'YandexImages',
    'YandexVideo',
  ),
  ...of(
    'Baidu',
    'https://help.baidu.com/question?prod_id=99&class=0&id=3001',
    'search',
    'Baiduspider',
    'Baiduspider-image',
  ),
  ...of(
    'DuckDuckGo',
    'https://duckduckgo.com/duckduckgo-help-pages/results/duckduckbot',
    'search',
    'DuckDuckBot',
  ),
  ...of('Huawei', 'https://webmaster.petalsearch.com/site/petalbot', 'search', 'PetalBot'),
  ...of('Seznam', 'https://o-seznam.cz/napoveda/vyhledavani/en/seznambot-crawler/', 'search', 'SeznamBot'),
  ...of('Apple', 'https://support.apple.com/119829', 'search', 'Applebot'),
  ...of('OpenAI', 'https://platform.openai.com/docs/bots', 'model training', 'GPTBot'),
  ...of('OpenAI', 'https://platform.openai.com/docs/bots', 'answers', 'OAI-SearchBot', 'ChatGPT-User'),
  ...of('Anthropic', 'https://support.claude.com/en/articles/8896518', 'model training', 'ClaudeBot'),
  ...of(
    'Anthropic',
    'https://support.claude.com/en/articles/8896518',
    'answers',
    'Claude-User',
    'Claude-SearchBot',
  ),
  ...of(
    'Perplexity',
    'https://docs.perplexity.ai/guides/bots',
    'answers',
    'PerplexityBot',
    'Perplexity-User',
  ),
  ...of(
    'Meta',
    'https://developers.facebook.com/docs/sharing/webmasters/web-crawlers',
    'model training',
    'meta-externalagent',
    'FacebookBot',
  ),
  ...of(
    'Meta',
    'https://developers.facebook.com/docs/sharing/webmasters/web-crawlers',
    'previews',
    'facebookexternalhit',
    'meta-externalfetcher',
  ),
  ...of('Amazon', 'https://developer.amazon.com/amazonbot', 'model training', 'Amazonbot'),
  ...of('ByteDance', 'https://bytespider.bytedance.com', 'model training', 'Bytespider'),
  ...of('Common Crawl', 'https://commoncrawl.org/ccbot', 'model training', 'CCBot'),
  ...of('Allen Institute', 'https://allenai.org/crawler', 'model training', 'AI2Bot'),
  ...of('Diffbot', 'https://docs.diffbot.com/docs/getting-started-with-crawl', 'model training', 'Diffbot'),
  ...of('Hive', 'https://imagesift.com/about', 'model training', 'ImagesiftBot'),
  ...of(
    'DuckDuckGo',
    'https://duckduckgo.com/duckduckgo-help-pages/results/duckassistbot',
    'answers',
    'DuckAssistBot',
  ),
  ...of('Mistral', 'https://docs.mistral.ai/robots', 'answers', 'MistralAI-User'),
  ...of('Internet Archive', 'https://archive.org/details/archive.org_bot', 'archive', 'archive.org_bot'),
  ...of('Ahrefs', 'https://ahrefs.com/robot', 'marketing data', 'AhrefsBot'),
  ...of('Semrush', 'https://www.semrush.com/bot/', 'marketing data', 'SemrushBot'),
  ...of('Majestic', 'https://mj12bot.com', 'marketing data', 'MJ12bot'),
  ...of('Moz', 'https://moz.com/help/moz-procedures/crawlers/dotbot', 'marketing data', 'DotBot'),
  ...of('DataForSEO', 'https://dataforseo.com/dataforseo-bot', 'marketing data', 'DataForSeoBot'),
  ...of('Babbar', 'https://www.babbar.tech/crawler', 'marketing data', 'Barkrowler'),
  ...of(
    'X',
    'https://developer.x.com/en/docs/x-for-websites/cards/guides/troubleshooting-cards',
    'previews',
    'Twitterbot',
  ),
  ...of('LinkedIn', 'https://www.linkedin.com/robots.txt', 'previews', 'LinkedInBot'),
  ...of(
    'Pinterest',
    'https://help.pinterest.com/en/business/article/pinterestbot',
    'previews',
    'Pinterestbot',
  ),
]
