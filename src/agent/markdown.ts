import { visible } from './plain-text.ts'

// Without these no link, image, reference, HTML or automatic link is left, in code and outside of it. None of them
// reaches over a space, so that a text may be cleaned in pieces that end in one.
const breaks: [RegExp, string][] = [
  [/\]([([:])/g, '] $1'],
  [/<(?=[a-z/!?])/gi, '< '],
  [/:\/\/(?=\S)/g, ':// '],
  // Not \b: a link may begin behind an underscore.
  [/(www\.)(?=\S)/gi, '$1 '],
  [/(?<=[\w.+-])@(?=[\w-])/g, '@ '],
  [/(?<![a-z\d])(javascript|data|vbscript|mailto|xmpp):(?=\S)/gi, '$1: '],
]

/** Markdown without images, links, HTML and characters that cannot be seen: all that a model wrote passes here. */
export function cleanMarkdown(text: string): string {
  let clean = visible(text)
  for (const [pattern, replacement] of breaks) clean = clean.replace(pattern, replacement)
  return clean
}

/** Cleans a text that comes in pieces; holds back the last word until it is whole. */
export interface MarkdownStream {
  push(piece: string): string
  end(): string
}

export function createMarkdownStream(): MarkdownStream {
  let held = ''
  return {
    push(piece) {
      held += piece
      const end = held.search(/\s\S*$/) + 1
      const ready = held.slice(0, end)
      held = held.slice(end)
      return cleanMarkdown(ready)
    },
    end() {
      const rest = held
      held = ''
      return cleanMarkdown(rest)
    },
  }
}
