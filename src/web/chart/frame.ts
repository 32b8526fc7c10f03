import type { Palette, SeriesColor } from '../theme.ts'
import { escapeHtml } from './escape.ts'

/** What all charts have in common: the font of the page, no animation, and how their tooltips look. */
export function frame(palette: Palette, tooltip: object) {
  return {
    animation: false,
    textStyle: { fontFamily: palette.font },
    tooltip: {
      confine: true,
      backgroundColor: palette.surface,
      borderColor: palette.line,
      textStyle: { color: palette.text, fontSize: 12 },
      ...tooltip,
    },
  }
}

/** Room for the axes, to the edges of the chart. */
export const grid = {
  left: 4,
  right: 8,
  top: 12,
  bottom: 4,
  outerBoundsMode: 'same',
  outerBoundsContain: 'axisLabel',
}

export function tipTime(text: string): string {
  return `<div class="tip-time">${escapeHtml(text)}</div>`
}

export function tipRow(name: string, value: string, color?: SeriesColor): string {
  const dot = color ? `<i class="dot dot-${color}"></i>` : ''
  return `<div class="tip-row">${dot}<span>${escapeHtml(name)}</span><b>${escapeHtml(value)}</b></div>`
}
