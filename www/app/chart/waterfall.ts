/** Draws the walk from expected to received in one currency, with the same figures as a table beneath. */
import { LitElement, css, html, nothing, svg } from "lit";
import { define } from "../signal-element.ts";
import { isNegative, showAmount } from "../money.ts";
import { base } from "../styles/base.ts";
import { place, waterfall, type Bar, type Walk, type Waterfall } from "./waterfall-model.ts";

const ROW = 40;
const BAR = 22;
const NARROW = 560;

export interface WaterfallWords {
  readonly title: string;
  readonly brokenAxis: string;
  readonly part: string;
  readonly amount: string;
  readonly runningTotal: string;
  name(part: string): string;
}

export class CfWaterfall extends LitElement {
  static override styles = [
    base,
    css`
      :host { display: block; }
      svg { display: block; inline-size: 100%; overflow: visible; }
      text { font: 400 13px var(--cf-font); fill: var(--cf-text); font-variant-numeric: tabular-nums; }
      text.value { font-weight: 500; }
      text.total { font-weight: 600; }
      text.minus { fill: var(--cf-bad); }
      rect.total { fill: var(--cf-chart-total); }
      rect.down { fill: var(--cf-chart-down); }
      rect.up { fill: var(--cf-chart-up); }
      rect.open { fill: var(--cf-chart-open); }
      .link { stroke: var(--cf-border-strong); stroke-dasharray: 2 3; }
      .rule { stroke: var(--cf-border); }
      .break { stroke: var(--cf-surface); stroke-width: 3; fill: none; }
      .note { margin-block-start: 8px; color: var(--cf-muted); font-size: 12px; }
    `,
  ];
  static override properties = { walk: { attribute: false }, words: { attribute: false }, width: { state: true } };

  declare walk: Walk | undefined;
  declare words: WaterfallWords | undefined;
  declare width: number;
  readonly #resized = new ResizeObserver((entries) => {
    this.width = Math.round(entries[0]?.contentRect.width ?? 0);
  });

  constructor() {
    super();
    this.width = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  protected override render() {
    const { walk, words } = this;
    if (!walk || !words) return nothing;
    const chart = waterfall(walk);
    return html`
      ${this.width > 0 ? this.#drawing(chart, words) : nothing}
      ${chart.broken ? html`<p class="note">${words.brokenAxis}</p>` : nothing}
    `;
  }

  #drawing(chart: Waterfall, words: WaterfallWords) {
    const narrow = this.width < NARROW;
    const left = narrow ? 0 : 170;
    const right = narrow ? 0 : 150;
    const plot = Math.max(40, this.width - left - right);
    const step = narrow ? ROW + 22 : ROW;
    const height = chart.bars.length * step;
    return html`<svg role="img" aria-label=${words.title} viewBox="0 0 ${this.width} ${height}" height=${height}>
      ${chart.bars.map((bar, index) => this.#bar({ chart, words, bar, index, left, plot, step, narrow }))}
    </svg>`;
  }

  #bar(at: {
    chart: Waterfall; words: WaterfallWords; bar: Bar; index: number; left: number; plot: number; step: number; narrow: boolean;
  }) {
    const { chart, words, bar, index, left, plot, step, narrow } = at;
    const y = index * step + (narrow ? 26 : (step - BAR) / 2);
    const textY = narrow ? index * step + 18 : y + BAR / 2 + 5;
    const from = bar.kind === "total" ? place(chart, plot, chart.low <= 0 ? 0 : chart.low) : place(chart, plot, bar.from);
    const to = place(chart, plot, bar.to);
    const x = left + Math.min(from, to);
    const size = Math.max(Math.abs(to - from), 2);
    const last = index === chart.bars.length - 1;
    const value = showAmount(bar.amount, { sign: bar.kind !== "total" });
    const tone = isNegative(bar.amount) ? "value minus" : bar.kind === "total" ? "value total" : "value";
    return svg`
      ${index > 0 ? svg`<line class="rule" x1="0" x2=${this.width} y1=${index * step} y2=${index * step}></line>` : nothing}
      <text class=${bar.kind === "total" ? "total" : ""} x="0" y=${textY}>${words.name(bar.part)}</text>
      <rect class=${bar.kind} x=${x} y=${y} width=${size} height=${BAR} rx="2"></rect>
      ${bar.kind === "total" && chart.broken ? breakMark(left + 14, y) : nothing}
      ${last ? nothing : svg`<line class="link" x1=${left + place(chart, plot, bar.level)} x2=${left + place(chart, plot, bar.level)}
        y1=${y + BAR} y2=${y + step}></line>`}
      <text class=${tone} x=${this.width} y=${textY} text-anchor="end">${value}</text>
    `;
  }
}

/** Two slanted cuts: this bar is longer than it is drawn. */
function breakMark(x: number, y: number) {
  return svg`<path class="break" d="M${x} ${y + BAR + 2}l6 ${-BAR - 4}M${x + 8} ${y + BAR + 2}l6 ${-BAR - 4}"></path>`;
}

define("cf-waterfall", CfWaterfall);
