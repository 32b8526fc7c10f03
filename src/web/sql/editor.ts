import { acceptCompletion } from '@codemirror/autocomplete'
import { SQLDialect, sql } from '@codemirror/lang-sql'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { setDiagnostics } from '@codemirror/lint'
import { Compartment, EditorState, Prec } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { constants, dataTypes, functions, keywords } from '@questdb/sql-grammar'
import { basicSetup } from 'codemirror'
import type { Position } from '../api.ts'

export interface Editor {
  text(): string
  /** What is selected, or all of it. */
  chosen(): string
  write(text: string): void
  insert(text: string): void
  /** Names that completion offers: columns by table. */
  know(tables: Record<string, string[]>): void
  /** Underlines where an error is; null: nowhere. */
  mark(error: { position: Position; message: string } | null): void
  focus(): void
  end(): void
}

const questdb = SQLDialect.define({
  keywords: keywords.join(' ').toLowerCase(),
  types: dataTypes.join(' ').toLowerCase(),
  builtin: [...functions, ...constants].join(' ').toLowerCase(),
  operatorChars: '*+-%<>!=&|~^/',
  doubleQuotedStrings: false,
})

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '13px', backgroundColor: 'transparent', color: 'var(--text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6' },
  '.cm-content': { caretColor: 'var(--text)', padding: '10px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--muted)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in oklab, var(--raised) 70%, transparent)',
  },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection': {
    backgroundColor: 'color-mix(in oklab, var(--accent) 26%, transparent) !important',
  },
  '.cm-matchingBracket': {
    backgroundColor: 'var(--accent-soft) !important',
    outline: '1px solid var(--accent)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--line)',
    borderRadius: '8px',
    boxShadow: 'var(--shadow-high)',
    color: 'var(--text)',
  },
  '.cm-tooltip-autocomplete ul li': { padding: '3px 10px !important' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent-soft) !important',
    color: 'var(--accent) !important',
  },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--bad)', padding: '6px 10px' },
  '.cm-panels': { backgroundColor: 'var(--raised)', color: 'var(--text)' },
})

const colors = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent)', fontWeight: '600' },
  { tag: [tags.standard(tags.name), tags.function(tags.name)], color: 'var(--code-builtin)' },
  { tag: tags.typeName, color: 'var(--code-builtin)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--warn)' },
  { tag: tags.comment, color: 'var(--muted)', fontStyle: 'italic' },
])

/** An editor for one SELECT. Ctrl+Enter runs it. */
export function createEditor(
  parent: HTMLElement,
  { text, onRun, onChange }: { text: string; onRun: () => void; onChange: (text: string) => void },
): Editor {
  const language = new Compartment()
  const speak = (schema: Record<string, string[]>) =>
    sql({ dialect: questdb, schema, upperCaseKeywords: true })
  const run = (): boolean => {
    onRun()
    return true
  }
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(
          keymap.of([
            { key: 'Mod-Enter', run },
            { key: 'Tab', run: acceptCompletion },
          ]),
        ),
        basicSetup,
        language.of(speak({})),
        look,
        syntaxHighlighting(colors),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': 'SQL', spellcheck: 'false' }),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) onChange(state.doc.toString())
        }),
      ],
    }),
  })
  const all = (): string => view.state.doc.toString()
  return {
    text: all,
    chosen() {
      const { from, to } = view.state.selection.main
      return view.state.sliceDoc(from, to).trim() || all()
    },
    write(written) {
      if (written !== all())
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: written } })
    },
    insert(word) {
      view.dispatch(view.state.replaceSelection(word))
      view.focus()
    },
    know: (tables) => view.dispatch({ effects: language.reconfigure(speak(tables)) }),
    mark(error) {
      const { length } = view.state.doc
      const from = Math.min(error?.position.offset ?? 0, length)
      const word = /^[\w$]+/.exec(view.state.sliceDoc(from, Math.min(from + 80, length)))?.[0].length ?? 1
      // An error at the end of the text has nothing after it to underline.
      const begin = from === length ? Math.max(0, length - 1) : from
      const marks = error
        ? [
            {
              from: begin,
              to: Math.min(length, begin + word),
              severity: 'error' as const,
              message: error.message,
            },
          ]
        : []
      view.dispatch(setDiagnostics(view.state, marks))
      if (error) view.dispatch({ effects: EditorView.scrollIntoView(begin, { y: 'center' }) })
    },
    focus: () => view.focus(),
    end: () => view.destroy(),
  }
}
