/** What the lists of matches and of exceptions share: a query, a grid, and the details of the chosen row. */
import { css, html, nothing, type TemplateResult } from "lit";
import type { IndexQuery, Sort, Views } from "../../sdk/types.ts";
import { SignalElement } from "../signal-element.ts";
import { count, locale, t } from "../i18n.ts";
import { icon } from "../icons.ts";
import type { CfGrid, Column, RowChosen } from "../grid/grid.ts";
import "../grid/grid.ts";
import "../components/row-detail.ts";
import "../components/error-note.ts";
import { faultFrom, isAbort, type Fault } from "../store/fault.ts";
import { openList, type List } from "../store/list.ts";
import { announcement, run } from "../store/store.ts";
import { base } from "../styles/base.ts";

const SEARCH_DELAY = 200;
/** Width of the screen, px, below which lists are drawn as cards. */
const CARDS_BELOW = 900;

export const listStyles = [
  base,
  css`
    :host { display: grid; grid-template-rows: auto minmax(0, 1fr); gap: 16px; block-size: calc(100dvh - 56px - 68px); min-block-size: 420px; }
    .tools { display: flex; flex-wrap: wrap; gap: 12px 16px; align-items: end; justify-content: space-between; }
    .tools .fields { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; }
    .tools input { inline-size: 240px; }
    .panes { display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; min-block-size: 0; }
    .panes[data-facets] { grid-template-columns: 232px minmax(0, 1fr); }
    .panes[data-detail] { grid-template-columns: minmax(0, 1fr) minmax(380px, 440px); }
    .panes[data-facets][data-detail] { grid-template-columns: 232px minmax(0, 1fr) minmax(360px, 420px); }
    .list { min-block-size: 0; overflow: clip; }
    .detail { min-block-size: 0; overflow: auto; }
    .empty { display: grid; justify-items: center; align-content: center; gap: 8px; padding: 48px 24px; text-align: center; }
    .empty svg { color: var(--cf-muted); }
    @container main (max-width: 1180px) {
      .panes[data-facets][data-detail] { grid-template-columns: minmax(0, 1fr) minmax(360px, 420px); }
      .panes[data-detail] .facets { display: none; }
    }
    @container main (max-width: 900px) {
      .panes, .panes[data-facets], .panes[data-detail], .panes[data-facets][data-detail] { grid-template-columns: minmax(0, 1fr); }
      .panes[data-facets] { grid-template-rows: auto minmax(0, 1fr); }
      .panes[data-detail] { grid-template-rows: minmax(0, 1fr); }
      .panes[data-detail] .list { display: none; }
    }
    @media (max-width: 860px) {
      :host { block-size: calc(100dvh - 56px - 20px - 76px); }
      .tools { gap: 8px; }
      .tools p { display: none; }
      .tools .fields { flex-wrap: nowrap; inline-size: 100%; }
      .tools .fields label { flex: 1 1 0; min-inline-size: 0; }
      .tools input, .tools select { inline-size: 100%; }
    }
  `,
];

export abstract class ListScreen<V extends "matches" | "exceptions"> extends SignalElement {
  static override styles = listStyles;
  static override properties = {
    narrow: { state: true }, list: { state: true }, fault: { state: true }, chosen: { state: true }, text: { state: true }, sort: { state: true },
  };

  declare narrow: boolean;
  declare list: List<Views[V]> | undefined;
  declare fault: Fault | undefined;
  declare chosen: RowChosen<Views[V]> | undefined;
  declare text: string;
  declare sort: Sort;
  #asked = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #columns: { locale: string; columns: readonly Column<Views[V]>[] } | undefined;

  readonly #resized = new ResizeObserver(() => {
    this.narrow = this.clientWidth < CARDS_BELOW;
  });

  constructor() {
    super();
    this.narrow = false;
    this.list = undefined;
    this.fault = undefined;
    this.chosen = undefined;
    this.text = "";
    this.sort = { by: "row" };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  protected abstract readonly view: V;
  /** Height of a row drawn as a card, px. */
  protected abstract readonly cardHeight: number;
  protected abstract heading(): string;
  protected abstract lead(): string;
  protected abstract label(total: number): string;
  protected abstract makeColumns(): readonly Column<Views[V]>[];
  protected abstract empty(): { title: string; hint: string };
  /** Further conditions besides the text. */
  protected filter(): IndexQuery["filter"] {
    return {};
  }
  protected facets(): TemplateResult | typeof nothing {
    return nothing;
  }

  protected override render() {
    this.#open();
    const facets = this.facets();
    return html`
      <header class="tools">
        <div>
          <h1>${this.heading()}</h1>
          <p class="muted">${this.lead()}</p>
        </div>
        <div class="fields" role="search">
          <label>${t("search")}<input type="search" name="search" .value=${this.text} @input=${this.#search} placeholder=${t("search-hint")}></label>
          <label>${t("sort")}<select name="sort" @change=${this.#sort}>
            ${SORTS.map(([key]) => html`<option value=${key}>${t(`sort-${key}`)}</option>`)}
          </select></label>
        </div>
      </header>
      <div class="panes" ?data-facets=${facets !== nothing} ?data-detail=${this.chosen !== undefined}>
        ${facets}
        <div class="card list">${this.#list()}</div>
        ${this.chosen
          ? html`<aside class="card detail" aria-label=${t("details")} @keydown=${this.#escape}>
              <cf-row-detail .entry=${this.chosen.row.first} @cf-close=${this.#close}></cf-row-detail>
            </aside>`
          : nothing}
      </div>
    `;
  }

  #list() {
    if (this.fault) return html`<cf-error-note .error=${this.fault}></cf-error-note>`;
    if (!this.list) return html`<div class="empty muted">${t("loading")}</div>`;
    if (this.list.total === 0) {
      const { title, hint } = this.text ? { title: t("nothing-found"), hint: t("nothing-found-hint") } : this.empty();
      return html`<div class="empty">${icon(this.text ? "search" : "tick", 28)}<h2>${title}</h2><p class="muted">${hint}</p></div>`;
    }
    return html`<cf-grid .count=${this.list.total} .columns=${this.#currentColumns()} .fetchRows=${this.list.fetchRows}
      .label=${this.label(this.list.total)} .chosen=${this.chosen?.index ?? -1} .cardHeight=${this.cardHeight} .cardsBelow=${this.narrow ? CARDS_BELOW : 0} .loadingText=${t("loading")}
      @cf-row=${this.#choose} @cf-grid-error=${this.#failed}></cf-grid>`;
  }

  #currentColumns(): readonly Column<Views[V]>[] {
    if (this.#columns?.locale !== locale.value) this.#columns = { locale: locale.value, columns: this.makeColumns() };
    return this.#columns.columns;
  }

  /** Asks for the list again if the run or the query has changed. */
  #open(): void {
    const state = run.value;
    if (state.state !== "done") return;
    const query: IndexQuery = {
      filter: { ...this.filter(), ...(this.text ? { text: this.text } : {}) },
      sort: this.sort,
    };
    const asked = JSON.stringify([state.inputs, query]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    openList(state.run, this.view, query).then(
      (list) => {
        if (this.#asked !== asked) return;
        this.list = list;
        this.fault = undefined;
        this.chosen = undefined;
        if (this.text) announcement.value = t("found-n", { n: list.total, shown: count(list.total) });
      },
      (thrown: unknown) => {
        if (this.#asked === asked && !isAbort(thrown)) this.fault = faultFrom(thrown);
      },
    );
  }

  readonly #search = (event: Event): void => {
    const text = (event.target as HTMLInputElement).value.trim();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.text = text;
    }, SEARCH_DELAY);
  };

  readonly #sort = (event: Event): void => {
    const key = (event.target as HTMLSelectElement).value;
    this.sort = SORTS.find(([name]) => name === key)?.[1] ?? { by: "row" };
  };

  readonly #choose = (event: CustomEvent<RowChosen<Views[V]>>): void => {
    this.chosen = event.detail;
  };

  readonly #failed = (event: CustomEvent<unknown>): void => {
    if (!isAbort(event.detail)) this.fault = faultFrom(event.detail);
  };

  readonly #escape = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.#close();
  };

  readonly #close = (): void => {
    const row = this.chosen?.index;
    this.chosen = undefined;
    if (row === undefined) return;
    // The row that was looked at gets the focus back, so that nobody loses the place.
    void this.updateComplete.then(() => this.renderRoot.querySelector<CfGrid>("cf-grid")?.focusRow(row));
  };
}

const SORTS: readonly (readonly [key: string, sort: Sort])[] = [
  ["row", { by: "row" }],
  ["largest", { by: "amount", descending: true }],
  ["smallest", { by: "amount" }],
  ["oldest", { by: "age" }],
  ["youngest", { by: "age", descending: true }],
];
