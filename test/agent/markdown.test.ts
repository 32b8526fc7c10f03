import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { marked } from 'marked'
import { cleanMarkdown, createMarkdownStream } from '../../src/agent/markdown.ts'

const hostile = [
  '![x](https://evil.example/a.png)',
  '[click](https://evil.example)',
  '[click][1]\n\n[1]: https://evil.example',
  '![x][1]\n\n[1]: https://evil.example "t"',
  '<https://evil.example>',
  '<img src="https://evil.example">',
  '<script>fetch("//evil.example")</script>',
  'https://evil.example/?q=secret',
  'www.evil.example',
  '_www.evil.example',
  '_mailto:me@evil.example',
  'mail me@evil.example',
  '[a](javascript:alert(1))',
  '<a href="data:text/html,x">x</a>',
  '[![i](https://evil.example/i.png)](https://evil.example)',
  '[a]\u200b(https://evil.example)',
  '<\u200bimg src=x>',
  'h\u00adttps://evil.example',
  '[a]\\(https://evil.example)',
  '[evil]\n\n[evil]: <https://evil.example>',
]

test.each(hostile)('nothing of %j is a link, an image or HTML', (text) => {
  expect(rendered(text)).toEqual([])
})

/** Every tag that the Markdown becomes which is none of plain text. */
function rendered(text: string): string[] {
  const html = marked.parse(cleanMarkdown(text), { async: false, gfm: true })
  const tags = [...html.matchAll(/<\/?([a-z][a-z0-9]*)[^>]*>/gi)]
  const plain = /^(p|br|ul|ol|li|em|strong|del|code|pre|h[1-6]|blockquote|hr|table|t[hrd]|thead|tbody|input)$/
  return tags.filter(([, name]) => !plain.test(name ?? '')).map(([tag]) => tag)
}

test('nothing made of pieces of Markdown is a link, an image or HTML, also not when it is streamed', () => {
  const marks = '[ ] ( ) ! : < > ` ``` \\ / // @ & # . " | - * _ &lt; &#93;'.split(' ')
  const words = 'a 1 www http https: evil.example img src=x'.split(' ')
  const piece = fc.constantFrom(...marks, ...words, '\n', ' ', '\t', '\u200b')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 24 }), (parts) => {
      expect(rendered(parts.join(''))).toEqual([])
      const stream = createMarkdownStream()
      expect(parts.map(stream.push).join('') + stream.end()).toBe(cleanMarkdown(parts.join('')))
    }),
    { numRuns: 5_000 },
  )
})

test('plain Markdown stays as it is', () => {
  const text =
    '# Title\n\n- **12** of `a/b.jpg`, *3 %*\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n```sql\nSELECT a < b, c[1]\n```\n'
  expect(cleanMarkdown(text)).toBe(text)
})
