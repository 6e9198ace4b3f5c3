/** Decides which element shows which row: elements are reused, and the one with the focus keeps its row. */
import type { Column } from "./grid.ts";

export interface Drawing<R> {
  readonly first: number;
  readonly end: number;
  readonly offset: number;
  readonly rowHeight: number;
  readonly active: { readonly row: number; readonly column: number };
  readonly chosen: number;
  readonly loadingText: string;
  row(index: number): R | undefined;
}

interface PooledRow<R> {
  readonly element: HTMLElement;
  readonly cells: readonly HTMLElement[];
  /** What was drawn last, so that unchanged rows cost nothing. */
  shown: R | undefined;
  drawn: boolean;
  top: number;
}

/** Rows stand at fixed places around an anchor row, and one box moves them all; so far from it a new one is taken. */
const ANCHOR_REACH = 2000;

export class RowPool<R> {
  readonly #body: HTMLElement;
  readonly #box: HTMLElement;
  #anchor = 0;
  readonly #columns: readonly Column<R>[];
  readonly #live = new Map<number, PooledRow<R>>();
  readonly #free: PooledRow<R>[] = [];
  #tabStop: HTMLElement | undefined;

  constructor(body: HTMLElement, columns: readonly Column<R>[]) {
    this.#body = body;
    this.#box = document.createElement("div");
    this.#box.className = "box";
    this.#box.setAttribute("role", "presentation");
    body.append(this.#box);
    this.#columns = columns;
  }

  draw(d: Drawing<R>): void {
    const focused = this.#focusedRow();
    if (Math.abs(d.first - this.#anchor) > ANCHOR_REACH) this.#anchor = d.first;
    this.#box.style.transform = `translateY(${this.#anchor * d.rowHeight - d.offset}px)`;
    for (const [index, pooled] of this.#live) {
      if ((index >= d.first && index < d.end) || index === focused) continue;
      this.#live.delete(index);
      this.#free.push(pooled);
    }
    for (let index = d.first; index < d.end; index += 1) this.#drawRow(index, d);
    // The row with the focus may be out of view: it moves along, out of sight, and keeps its place in the tab order.
    if (focused !== undefined && (focused < d.first || focused >= d.end)) this.#drawRow(focused, d);
    for (const pooled of this.#free) {
      if (!pooled.element.hidden) pooled.element.hidden = true;
    }
    this.#setTabStop(d);
  }

  focus(row: number, column: number): void {
    this.#live.get(row)?.cells[column]?.focus({ preventScroll: true });
  }

  hasFocus(): boolean {
    return this.#focusedRow() !== undefined;
  }

  /** Forgets what is drawn (another list), keeping the elements. */
  forget(): void {
    for (const [index, pooled] of this.#live) {
      this.#live.delete(index);
      pooled.drawn = false;
      pooled.shown = undefined;
      this.#free.push(pooled);
    }
  }

  /** Removes all elements (other columns). */
  clear(): void {
    this.forget();
    this.#box.remove();
    this.#free.length = 0;
  }

  #drawRow(index: number, d: Drawing<R>): void {
    let pooled = this.#live.get(index);
    if (!pooled) {
      pooled = this.#free.pop() ?? this.#make();
      this.#live.set(index, pooled);
      pooled.drawn = false;
      pooled.element.hidden = false;
      pooled.element.ariaRowIndex = String(index + 2);
      pooled.element.toggleAttribute("data-odd", index % 2 === 1);
    }
    const top = (index - this.#anchor) * d.rowHeight;
    if (pooled.top !== top) {
      pooled.element.style.transform = `translateY(${top}px)`;
      pooled.top = top;
    }
    const isChosen = index === d.chosen ? "true" : "false";
    if (pooled.element.ariaSelected !== isChosen) pooled.element.ariaSelected = isChosen;
    const row = d.row(index);
    if (pooled.drawn && pooled.shown === row) return;
    pooled.drawn = true;
    pooled.shown = row;
    pooled.element.toggleAttribute("data-loading", row === undefined);
    this.#columns.forEach((column, position) => {
      const cell = pooled.cells[position];
      if (cell) fill(cell, row === undefined ? { text: position === 0 ? d.loadingText : "" } : column.cell(row));
    });
  }

  #make(): PooledRow<R> {
    const element = document.createElement("div");
    element.className = "cells line";
    element.setAttribute("role", "row");
    const cells = this.#columns.map((column, position) => {
      const cell = document.createElement("div");
      cell.className = ["cell", column.align, column.wide && "wide", column.chip && "chips", column.mono && "mono"].filter(Boolean).join(" ");
      cell.setAttribute("role", "gridcell");
      cell.ariaColIndex = String(position + 1);
      cell.dataset["label"] = column.label;
      cell.dataset["key"] = column.key;
      cell.tabIndex = -1;
      cell.append(document.createElement("span"));
      element.append(cell);
      return cell;
    });
    this.#box.append(element);
    return { element, cells, shown: undefined, drawn: false, top: Number.NaN };
  }

  #setTabStop(d: Drawing<R>): void {
    // Where the active row is out of view, the first row in view takes its place in the tab order.
    const inView = this.#live.has(d.active.row) ? d.active.row : Math.ceil(d.offset / d.rowHeight);
    const next = this.#live.get(inView)?.cells[d.active.column];
    if (next === this.#tabStop) return;
    if (this.#tabStop) this.#tabStop.tabIndex = -1;
    if (next) next.tabIndex = 0;
    this.#tabStop = next;
  }

  #focusedRow(): number | undefined {
    const root = this.#body.getRootNode();
    const focused = root instanceof ShadowRoot ? root.activeElement : null;
    if (!focused || !this.#body.contains(focused)) return undefined;
    const index = Number(focused.parentElement?.ariaRowIndex) - 2;
    return Number.isInteger(index) && index >= 0 ? index : undefined;
  }
}

function fill(cell: HTMLElement, value: { text: string; tone?: string | undefined }): void {
  const span = cell.firstElementChild;
  if (!span) return;
  if (span.textContent !== value.text) {
    span.textContent = value.text;
    cell.title = value.text;
  }
  if (cell.dataset["tone"] !== value.tone) {
    if (value.tone === undefined) delete cell.dataset["tone"];
    else cell.dataset["tone"] = value.tone;
  }
}
