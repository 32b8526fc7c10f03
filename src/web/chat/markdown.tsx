import DOMPurify from 'dompurify'
import { marked } from 'marked'
import { useMemo } from 'preact/hooks'

// Words, lists, tables and code. No picture, link, form or style: an answer may repeat what a log line said.
const tags =
  'p br strong em del code pre blockquote hr ul ol li h1 h2 h3 h4 table thead tbody tr th td'.split(' ')
const allowed = { ALLOWED_TAGS: tags, ALLOWED_ATTR: [] as string[] }

/** Markdown of a model as HTML that cannot do anything. */
function renderMarkdown(text: string): string {
  return DOMPurify.sanitize(marked.parse(text, { async: false, gfm: true, breaks: false }), allowed)
}

export function Markdown({ text }: { text: string }) {
  const html = useMemo(() => renderMarkdown(text), [text])
  return <div class="markdown" dangerouslySetInnerHTML={{ __html: html }} />
}
