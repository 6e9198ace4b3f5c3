/**
 * A table of any length that draws only the rows in view.
 *
 * Rows are pooled elements whose text is rewritten; the scrollbar is scaled (see geometry.ts), while wheel, touch and
 * keys move the exact offset. Below `CARDS_BELOW` px of width every row is drawn as a card with labelled values.
 */
import { LitElement, html, type PropertyValues } from "lit";
import { define } from "../signal-element.ts";
import * as geo from "./geometry.ts";
import { gridStyles } from "./grid-styles.ts";
import { RowCache, type FetchRows } from "./row-cache.ts";
import { RowPool } from "./row-pool.ts";

/** Width of the grid, px, below which rows are drawn as cards. */
const CARDS_BELOW = 900;
const ROW_HEIGHT = 36;
const DEFAULT_CARD_HEIGHT = 148;

export interface Cell {
  readonly text: string;
  readonly tone?: "neg" | "muted" | "ok" | "warn" | "bad" | "info" | undefined;
}

export interface Column<R> {
  readonly key: string;
  readonly label: string;
  /** Least width, px. */
  readonly width: number;
  /** Share of the width that is left over; 0 or absent keeps the least width. */
  readonly grow?: number;
  /** Shown only where the grid is at least this wide, px; cards show every column. */
  readonly from?: number;
  /** Takes the whole width of a card, and may wrap there. */
  readonly wide?: boolean;
  readonly align?: "end";
  readonly chip?: boolean;
  readonly mono?: boolean;
  cell(row: R): Cell;
}

/** Sent when a row is chosen by click, Enter or Space. */
export interface RowChosen<R> {
  readonly index: number;
  readonly row: R;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- custom elements cannot be generic
type Row = any;

export class CfGrid extends LitElement {
  static override styles = gridStyles;
  static override properties = {
    count: { type: Number },
    columns: { attribute: false },
    fetchRows: { attribute: false },
    label: { type: String },
    chosen: { type: Number },
    cardHeight: { type: Number },
    cardsBelow: { type: Number },
    shown: { state: true },
    loadingText: { type: String },
  };

  declare count: number;
  declare columns: readonly Column<Row>[];
  declare fetchRows: FetchRows<Row> | undefined;
  declare label: string;
  declare chosen: number;
  declare cardHeight: number;
  declare cardsBelow: number;
  /** The columns that fit the present width. */
  declare shown: readonly Column<Row>[];
  declare loadingText: string;

  #cache: RowCache<Row> | undefined;
  #pool: RowPool<Row> | undefined;
  #offset = 0;
  #active = { row: 0, column: 0 };
  #ownScroll = -1;
  #lastScroll = 0;
  #touching = false;
  #refocus = false;
  #frame = 0;
  #viewHeight = 0;
  #cards = false;
  readonly #resized = new ResizeObserver(() => this.#measure());

  constructor() {
    super();
    this.count = 0;
    this.columns = [];
    this.fetchRows = undefined;
    this.label = "";
    this.chosen = -1;
    this.cardHeight = DEFAULT_CARD_HEIGHT;
    this.cardsBelow = CARDS_BELOW;
    this.shown = [];
    this.loadingText = "";
  }

  /** Brings a row into view without moving the focus. */
  scrollToRow(row: number): void {
    this.#moveTo(geo.reveal(this.#geometry(), this.#offset, row));
  }

  /** Moves the focus to a row, bringing it into view. */
  focusRow(row: number): void {
    this.#activate(row, this.#active.column);
  }

  protected override render() {
    return html`
      <div class="view" role="grid" aria-label=${this.label} aria-rowcount=${this.count + 1}
        aria-colcount=${this.shown.length} tabindex=${this.count === 0 ? 0 : -1}
        @scroll=${this.#onScroll} @touchstart=${this.#onTouch} @scrollend=${this.#onScrollEnd}
        @keydown=${this.#onKey} @click=${this.#onClick}>
        <div class="head" role="rowgroup">
          <div class="cells" role="row" aria-rowindex="1">
            ${this.shown.map(
              (column, index) => html`<div role="columnheader" aria-colindex=${index + 1}
                class=${column.align === "end" ? "cell end" : "cell"}>${column.label}</div>`,
            )}
          </div>
        </div>
        <div class="body" role="rowgroup"></div>
        <div class="spacer" role="presentation"></div>
      </div>
    `;
  }

  protected override firstUpdated(): void {
    this.#resized.observe(this);
    this.#view.addEventListener("wheel", (event) => this.#onWheel(event), { passive: false });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("columns") || changed.has("cardsBelow")) this.#fit();
  }

  /** Chooses cards or columns, and the columns, by the width at hand. */
  #fit(): void {
    const width = this.clientWidth;
    const cards = width > 0 && width < this.cardsBelow;
    if (cards !== this.#cards) {
      const topRow = this.#offset / this.#geometry().rowHeight;
      this.#cards = cards;
      this.toggleAttribute("cards", cards);
      this.#offset = topRow * this.#geometry().rowHeight;
    }
    const fitting = this.columns.filter(({ from }) => cards || width === 0 || width >= (from ?? 0));
    const same = fitting.length === this.shown.length && fitting.every((column, index) => column === this.shown[index]);
    if (!same) this.shown = fitting;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("shown")) {
      const tracks = this.shown.map(({ width, grow }) => (grow ? `minmax(${width}px, ${grow}fr)` : `${width}px`));
      const least = this.shown.reduce((sum, { width }) => sum + width, 0);
      this.style.setProperty("--cf-tracks", tracks.join(" "));
      this.style.setProperty("--cf-least", `${least}px`);
      const focused = this.#pool?.hasFocus() ?? false;
      this.#pool?.clear();
      this.#pool = new RowPool(this.#body, this.shown);
      this.#active = { row: this.#active.row, column: 0 };
      // Other columns are other elements; whoever was in the list stays in it.
      if (focused) this.#refocus = true;
    }
    if (changed.has("fetchRows")) {
      this.#cache?.close();
      const fetchRows = this.fetchRows;
      this.#cache = fetchRows
        ? new RowCache<Row>(
            fetchRows,
            () => this.#schedule(),
            (reason) => this.dispatchEvent(new CustomEvent("cf-grid-error", { detail: reason })),
          )
        : undefined;
      this.#pool?.forget();
      this.#active = { row: 0, column: 0 };
      this.#offset = 0;
    }
    this.#measure();
    if (this.#refocus) {
      this.#refocus = false;
      this.focusRow(this.#active.row);
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#resized.observe(this);
  }

  get #view(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>(".view") as HTMLElement;
  }

  get #body(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>(".body") as HTMLElement;
  }

  #geometry(): geo.Geometry {
    const rowHeight = this.#cards ? this.cardHeight : ROW_HEIGHT;
    return { count: this.count, rowHeight, viewHeight: this.#viewHeight };
  }

  #measure(): void {
    if (!this.hasUpdated) return;
    this.#fit();
    const head = this.renderRoot.querySelector<HTMLElement>(".head");
    this.#viewHeight = Math.max(0, this.#view.clientHeight - (head?.offsetHeight ?? 0));
    const g = this.#geometry();
    this.style.setProperty("--cf-card-h", `${this.cardHeight}px`);
    this.#body.style.height = `${this.#viewHeight}px`;
    const spacer = this.renderRoot.querySelector<HTMLElement>(".spacer");
    if (spacer) spacer.style.height = `${Math.max(0, geo.scrollHeight(g) - this.#viewHeight)}px`;
    this.#moveTo(this.#offset);
    this.#schedule();
  }

  #moveTo(offset: number): void {
    const g = this.#geometry();
    this.#offset = geo.clampOffset(g, offset);
    this.#placeScrollbar(geo.scrollFor(g, this.#offset));
    this.#schedule();
  }

  /** Moves the scrollbar by ourselves; the scroll event that follows is then not taken for the user's. */
  #placeScrollbar(scroll: number): void {
    const view = this.#view;
    if (Math.abs(view.scrollTop - scroll) < 0.5) return;
    view.scrollTop = scroll;
    this.#ownScroll = view.scrollTop;
    this.#lastScroll = view.scrollTop;
  }

  readonly #onScroll = (): void => {
    const scroll = this.#view.scrollTop;
    if (Math.abs(scroll - this.#ownScroll) < 1) {
      this.#ownScroll = -1;
      return;
    }
    const g = this.#geometry();
    // A finger moves the list as far as itself; only a drag of the bar itself maps by ratio.
    const exact = this.#touching && geo.isScaled(g);
    this.#offset = exact
      ? geo.clampOffset(g, this.#offset + scroll - this.#lastScroll)
      : geo.offsetFor(g, scroll);
    this.#lastScroll = scroll;
    this.#schedule();
  };

  readonly #onScrollEnd = (): void => {
    if (!this.#touching) return;
    this.#touching = false;
    this.#placeScrollbar(geo.scrollFor(this.#geometry(), this.#offset));
  };

  readonly #onTouch = (): void => {
    this.#touching = true;
    this.#lastScroll = this.#view.scrollTop;
  };

  #onWheel(event: WheelEvent): void {
    const g = this.#geometry();
    // Where nothing is scaled the browser scrolls exactly by itself.
    if (!geo.isScaled(g) || event.ctrlKey || event.deltaY === 0) return;
    const unit = event.deltaMode === 1 ? g.rowHeight : event.deltaMode === 2 ? g.viewHeight : 1;
    event.preventDefault();
    this.#moveTo(this.#offset + event.deltaY * unit);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey || this.count === 0) return;
    const { row, column } = this.#active;
    const page = Math.max(1, Math.floor(this.#viewHeight / this.#geometry().rowHeight) - 1);
    const lastRow = this.count - 1;
    const lastColumn = this.shown.length - 1;
    const moves: Record<string, [number, number]> = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      PageDown: [row + page, column],
      PageUp: [row - page, column],
      Home: event.ctrlKey ? [0, 0] : [row, 0],
      End: event.ctrlKey ? [lastRow, lastColumn] : [row, lastColumn],
    };
    const move = moves[event.key];
    if (move) {
      event.preventDefault();
      const [r, c] = move;
      this.#activate(Math.min(Math.max(0, r), lastRow), Math.min(Math.max(0, c), lastColumn));
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#choose(row);
    }
  };

  readonly #onClick = (event: Event): void => {
    const cell = event.composedPath().find((node) => node instanceof HTMLElement && node.role === "gridcell");
    if (!(cell instanceof HTMLElement)) return;
    const row = Number(cell.parentElement?.ariaRowIndex) - 2;
    if (!Number.isInteger(row) || row < 0) return;
    this.#activate(row, Number(cell.ariaColIndex) - 1);
    this.#choose(row);
  };

  #activate(row: number, column: number): void {
    this.#active = { row, column };
    this.#moveTo(geo.reveal(this.#geometry(), this.#offset, row));
    this.#draw();
    this.#pool?.focus(row, column);
  }

  #choose(index: number): void {
    const row = this.#cache?.row(index);
    if (row === undefined) return;
    const detail: RowChosen<Row> = { index, row };
    this.dispatchEvent(new CustomEvent("cf-row", { detail, bubbles: true, composed: true }));
  }

  #schedule(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const pool = this.#pool;
    const cache = this.#cache;
    if (!pool || !cache || this.#viewHeight === 0) return;
    const g = this.#geometry();
    const { first, end } = geo.rowsAt(g, this.#offset);
    const screen = end - first;
    cache.want(Math.max(0, first - screen), Math.min(g.count, end + screen));
    pool.draw({
      first,
      end,
      offset: this.#offset,
      rowHeight: g.rowHeight,
      row: (index) => cache.row(index),
      active: this.#active,
      chosen: this.chosen,
      loadingText: this.loadingText,
    });
  }
}

define("cf-grid", CfGrid);
