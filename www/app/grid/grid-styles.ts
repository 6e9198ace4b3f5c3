/** How the long table looks: dense rows on wide screens, labelled cards on narrow ones. */
import { css } from "lit";

export const gridStyles = css`
  *, *::before, *::after { box-sizing: border-box; }
  :host { display: block; block-size: 100%; min-block-size: 200px; font-size: 13px; font-variant-numeric: tabular-nums; }
  .view { position: relative; block-size: 100%; overflow: auto; overscroll-behavior: contain; background: var(--cf-surface); border-radius: inherit; }
  .view:focus-visible { outline: 2px solid var(--cf-focus); outline-offset: -2px; }

  .cells { display: grid; grid-template-columns: var(--cf-tracks); align-items: center; min-inline-size: var(--cf-least); }
  .head { position: sticky; inset-block-start: 0; z-index: 1; min-inline-size: var(--cf-least); background: var(--cf-raised); border-block-end: 1px solid var(--cf-border-strong); }
  .head .cell { font-weight: 500; color: var(--cf-muted); block-size: 36px; line-height: 36px; }
  .body { position: sticky; inset-block-start: 37px; overflow: clip; contain: strict; min-inline-size: var(--cf-least); }
  .box { position: absolute; inset-inline: 0; inset-block-start: 0; will-change: transform; }
  .line { position: absolute; inset-inline: 0; inset-block-start: 0; block-size: 36px; border-block-end: 1px solid var(--cf-border); background: var(--cf-surface); cursor: pointer; }
  .line[hidden] { display: none; }
  .line:hover { background: var(--cf-raised); }
  .line[aria-selected="true"] { background: var(--cf-accent-soft); }
  .line[data-loading] { color: var(--cf-muted); }

  .cell { padding: 0 12px; min-inline-size: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .line .cell { line-height: 35px; }
  .cell.end { text-align: end; }
  .cell.mono { font-family: var(--cf-font-mono); font-size: 12px; }
  .cell:focus { outline: none; }
  .cell:focus-visible { outline: 2px solid var(--cf-focus); outline-offset: -3px; border-radius: 5px; }
  .cell[data-tone="neg"], .cell[data-tone="bad"] { color: var(--cf-bad); }
  .cell[data-tone="muted"] { color: var(--cf-muted); }
  .cell[data-tone="warn"] { color: var(--cf-warn); }
  .cell[data-tone="ok"] { color: var(--cf-ok); }
  .cell[data-tone="info"] { color: var(--cf-info); }
  .chips span:not(:empty) { padding: 1px 8px; border-radius: 999px; background: var(--cf-sunken); color: var(--cf-muted); font-size: 12px; line-height: 20px; }
  .chips[data-tone="ok"] span { background: var(--cf-ok-soft); color: var(--cf-ok); }
  .chips[data-tone="bad"] span { background: var(--cf-bad-soft); color: var(--cf-bad); }
  .chips[data-tone="warn"] span { background: var(--cf-warn-soft); color: var(--cf-warn); }
  .chips[data-tone="info"] span { background: var(--cf-info-soft); color: var(--cf-info); }

  /* Cards */
  :host([cards]) .head { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); border: 0; }
  :host([cards]) .body, :host([cards]) .line { min-inline-size: 0; }
  :host([cards]) .body { inset-block-start: 0; }
  :host([cards]) .line {
    block-size: var(--cf-card-h, 140px); padding: 10px 16px; align-content: start; align-items: baseline; gap: 4px 16px;
    grid-template-columns: 1fr 1fr;
  }
  :host([cards]) .line .cell { padding: 0; line-height: 20px; display: flex; justify-content: space-between; gap: 8px; }
  :host([cards]) .line .cell span { overflow: hidden; text-overflow: ellipsis; }
  /* Where both do not fit, a figure goes before its label, and a label before a text. */
  :host([cards]) .line .cell.end span { flex: none; }
  :host([cards]) .line .cell.end::before { flex: 0 1 auto; overflow: hidden; text-overflow: ellipsis; }
  :host([cards]) .line .cell::before { content: attr(data-label); color: var(--cf-muted); flex: none; font: 400 12px/20px var(--cf-font); }
  :host([cards]) .line .cell:first-child { grid-column: 1 / -1; font-weight: 600; font-size: 14px; }
  :host([cards]) .line .cell:first-child::before, :host([cards]) .line .cell.wide::before { content: none; }
  :host([cards]) .line .cell.wide { grid-column: 1 / -1; display: block; block-size: 40px; white-space: normal; }

  @media (forced-colors: active) {
    .line[aria-selected="true"] { outline: 2px solid Highlight; outline-offset: -2px; }
  }
`;
