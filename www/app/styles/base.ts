/** What every component's shadow root looks like: type, buttons, fields, tables, chips. Tokens only. */
import { css } from "lit";

export const base = css`
  *, *::before, *::after { box-sizing: border-box; }
  :host { color: var(--cf-text); font-variant-numeric: tabular-nums; }
  [hidden] { display: none !important; }

  h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; }
  ul, ol { padding: 0; list-style: none; }
  h1 { font-size: 24px; line-height: 1.25; font-weight: 600; letter-spacing: -0.01em; }
  h2 { font-size: 16px; line-height: 1.4; font-weight: 600; }
  h3 { font-size: 14px; line-height: 1.4; font-weight: 600; }
  a { color: var(--cf-accent); text-underline-offset: 2px; }
  bdi, .mono { overflow-wrap: anywhere; }
  .mono { font-family: var(--cf-font-mono); font-size: 0.92em; }
  .muted { color: var(--cf-muted); }
  .small { font-size: 13px; }
  .num { text-align: end; white-space: nowrap; }
  .neg { color: var(--cf-bad); }
  .nowrap { white-space: nowrap; }
  .visually-hidden {
    position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; padding: 0; border: 0;
    overflow: hidden; clip-path: inset(50%); white-space: nowrap;
  }

  :focus { outline: none; }
  :focus-visible { outline: 2px solid var(--cf-focus); outline-offset: 2px; border-radius: 4px; }

  button, select, input { font: inherit; color: inherit; }
  button, .button {
    display: inline-flex; align-items: center; justify-content: center; gap: 8px;
    min-block-size: 36px; padding: 0 14px; border: 1px solid var(--cf-border-strong); border-radius: 6px;
    background: var(--cf-surface); color: var(--cf-text); font-weight: 500; text-decoration: none;
    cursor: pointer; white-space: nowrap;
  }
  button:hover, .button:hover { background: var(--cf-sunken); }
  button.primary, .button.primary { background: var(--cf-accent); border-color: var(--cf-accent); color: var(--cf-on-accent); }
  button.primary:hover, .button.primary:hover { background: var(--cf-accent-hover); border-color: var(--cf-accent-hover); }
  button.quiet { border-color: transparent; background: transparent; padding: 0 8px; color: var(--cf-accent); }
  button.quiet:hover { background: var(--cf-accent-soft); }
  button.icon { padding: 0; inline-size: 36px; }
  button:disabled { opacity: 0.55; cursor: not-allowed; }
  button.large, .button.large { min-block-size: 44px; padding: 0 20px; font-size: 15px; }

  select, input {
    min-block-size: 36px; padding: 0 10px; border: 1px solid var(--cf-border-strong); border-radius: 6px;
    background: var(--cf-surface); max-inline-size: 100%;
  }
  ::placeholder { color: var(--cf-muted); opacity: 1; }
  label { display: grid; gap: 4px; font-size: 13px; color: var(--cf-muted); }
  label > select, label > input { color: var(--cf-text); font-size: 14px; }

  .card {
    background: var(--cf-surface); border: 1px solid var(--cf-border); border-radius: var(--cf-radius);
    box-shadow: var(--cf-shadow);
  }
  .pad { padding: 20px; }
  .stack { display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; }
  .row { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; }
  .spread { justify-content: space-between; }

  .chip {
    display: inline-flex; align-items: center; gap: 6px; max-inline-size: 100%; padding: 1px 8px; border-radius: 999px;
    background: var(--cf-sunken); color: var(--cf-muted); font-size: 12px; line-height: 20px; font-weight: 500;
  }
  .chip.ok { background: var(--cf-ok-soft); color: var(--cf-ok); }
  .chip.warn { background: var(--cf-warn-soft); color: var(--cf-warn); }
  .chip.bad { background: var(--cf-bad-soft); color: var(--cf-bad); }
  .chip.info { background: var(--cf-info-soft); color: var(--cf-info); }
  .chip.accent { background: var(--cf-accent-soft); color: var(--cf-accent); }
  .chip svg { inline-size: 14px; block-size: 14px; flex: none; }

  .scroll-x { position: relative; overflow-x: auto; }
  table { border-collapse: collapse; inline-size: 100%; font-size: 13px; }
  caption { text-align: start; padding: 0 0 8px; color: var(--cf-muted); }
  th, td { padding: 8px 12px; text-align: start; vertical-align: top; border-block-end: 1px solid var(--cf-border); }
  th { font-weight: 500; color: var(--cf-muted); white-space: nowrap; }
  th.num, td.num { text-align: end; }
  tbody th { color: var(--cf-text); }
  tbody tr:last-child > * { border-block-end: 0; }
  tr.total > * { border-block-start: 1px solid var(--cf-border-strong); font-weight: 600; color: var(--cf-text); }

  dl.facts { display: grid; grid-template-columns: minmax(96px, max-content) 1fr; gap: 6px 16px; font-size: 13px; }
  dl.facts dt { color: var(--cf-muted); }
  dl.facts dd { overflow-wrap: anywhere; }

  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { transition: none !important; animation: none !important; scroll-behavior: auto !important; }
  }
`;
