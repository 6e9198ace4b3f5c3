/** The few drawings that stand beside words; each is hidden from screen readers. */
import { svg, type TemplateResult, html } from "lit";

const PATHS = {
  files: svg`<path d="M5 2.75h6l4 4v10.5H5z"/><path d="M11 2.75v4h4"/>`,
  check: svg`<path d="M3 5h9M3 10h6M3 15h6"/><path d="m11.5 13.5 2 2 4-4.5"/>`,
  summary: svg`<path d="M3 17V4M3 17h14"/><path d="M6.5 14V7M10 14v-4M13.5 14V5"/>`,
  matches: svg`<path d="M3 6h5.5M3 14h5.5M11.5 6H17M11.5 14H17"/><path d="M8.5 6c2 0 1 8 3 8M8.5 14c2 0 1-8 3-8"/>`,
  exceptions: svg`<path d="M10 3 18 17H2z"/><path d="M10 8v4M10 14.4v.1"/>`,
  export: svg`<path d="M10 3v9M6.5 8.8 10 12.3l3.5-3.5"/><path d="M3.5 13v4h13v-4"/>`,
  lock: svg`<rect x="4.5" y="9" width="11" height="8" rx="1.5"/><path d="M7 9V6.5a3 3 0 0 1 6 0V9"/>`,
  sun: svg`<circle cx="10" cy="10" r="3.2"/><path d="M10 2.5v2M10 15.5v2M2.5 10h2M15.5 10h2M4.7 4.7l1.4 1.4M13.9 13.9l1.4 1.4M4.7 15.3l1.4-1.4M13.9 6.1l1.4-1.4"/>`,
  moon: svg`<path d="M16.5 11.8A7 7 0 0 1 8.2 3.5a7 7 0 1 0 8.3 8.3z"/>`,
  auto: svg`<circle cx="10" cy="10" r="6.5"/><path d="M10 3.5v13a6.5 6.5 0 0 0 0-13z" fill="currentColor"/>`,
  close: svg`<path d="m5 5 10 10M15 5 5 15"/>`,
  tick: svg`<path d="m4 10.5 4 4 8-9"/>`,
  warn: svg`<path d="M10 3 18 17H2z"/><path d="M10 8v4M10 14.4v.1"/>`,
  upload: svg`<path d="M10 13V4M6.5 7.2 10 3.7l3.5 3.5"/><path d="M3.5 13v4h13v-4"/>`,
  next: svg`<path d="M4 10h12M11.5 5.5 16 10l-4.5 4.5"/>`,
  down: svg`<path d="m5 7.5 5 5 5-5"/>`,
  question: svg`<circle cx="10" cy="10" r="7.2"/><path d="M7.8 8a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.6M10 13.9v.1"/>`,
  paste: svg`<path d="M7 4.5H4.5v13h11v-13H13"/><path d="M7 3h6v3H7z"/>`,
  folder: svg`<path d="M2.5 5h5l2 2.5h8v8.5h-15z"/>`,
  search: svg`<circle cx="9" cy="9" r="5"/><path d="m13 13 4 4"/>`,
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName, size = 20): TemplateResult {
  return html`<svg width=${size} height=${size} viewBox="0 0 20 20" fill="none" stroke="currentColor"
    stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${PATHS[name]}</svg>`;
}

/** The mark: figures added along the row and along the column, meeting in one sum. */
export function mark(): TemplateResult {
  return html`<svg width="28" height="28" viewBox="0 0 32 32" fill="none" aria-hidden="true" focusable="false">
    <rect width="32" height="32" rx="7" fill="var(--cf-accent)"/>
    <path d="M8 9h10M8 15h10M24 9v6M8 23h10M24 20v6M21 23h6" stroke="var(--cf-on-accent)" stroke-width="2.4" stroke-linecap="round"/>
  </svg>`;
}
