/**
 * Decides which rows of a list of any length are in view, and how the scrollbar maps to them.
 *
 * Browsers cap an element's height (Firefox near 17.9 M px), so the scrollbar is scaled: its range is at most
 * `MAX_SCROLL` px. The list's own offset stays exact, and wheel, touch and keys move that one.
 */
export const MAX_SCROLL = 15_000_000;

/** Rows drawn above and below the view, so that a small move shows no gap. */
export const OVERSCAN = 4;

export interface Geometry {
  /** Rows in the list. */
  readonly count: number;
  /** Height of one row, px. */
  readonly rowHeight: number;
  /** Height of the part in view, px. */
  readonly viewHeight: number;
}

/** The list's full height, px: may be far beyond what an element can have. */
export function fullHeight(g: Geometry): number {
  return g.count * g.rowHeight;
}

/** Largest exact offset, px: the last row then touches the bottom edge. */
export function maxOffset(g: Geometry): number {
  return Math.max(0, fullHeight(g) - g.viewHeight);
}

/** Height of the scrolled content, px: the full height or the cap. */
export function scrollHeight(g: Geometry): number {
  return Math.min(fullHeight(g), MAX_SCROLL);
}

function maxScroll(g: Geometry): number {
  return Math.max(0, scrollHeight(g) - g.viewHeight);
}

export function clampOffset(g: Geometry, offset: number): number {
  return Math.min(Math.max(0, offset), maxOffset(g));
}

/** Where the scrollbar stands for an exact offset. */
export function scrollFor(g: Geometry, offset: number): number {
  const most = maxOffset(g);
  return most === 0 ? 0 : (clampOffset(g, offset) / most) * maxScroll(g);
}

/** The exact offset for a place of the scrollbar (a drag, or a jump). */
export function offsetFor(g: Geometry, scroll: number): number {
  const range = maxScroll(g);
  return range === 0 ? 0 : (Math.min(Math.max(0, scroll), range) / range) * maxOffset(g);
}

/** True where one px of the scrollbar is more than one px of the list. */
export function isScaled(g: Geometry): boolean {
  return fullHeight(g) > MAX_SCROLL;
}

/** Rows to draw at an offset: `first` up to, not including, `end`. */
export function rowsAt(g: Geometry, offset: number): { first: number; end: number } {
  const first = Math.max(0, Math.floor(offset / g.rowHeight) - OVERSCAN);
  const end = Math.min(g.count, Math.ceil((offset + g.viewHeight) / g.rowHeight) + OVERSCAN);
  return { first, end: Math.max(first, end) };
}

/** The offset nearest to the present one at which `row` is wholly in view. */
export function reveal(g: Geometry, offset: number, row: number): number {
  const top = row * g.rowHeight;
  if (top < offset) return clampOffset(g, top);
  const bottom = top + g.rowHeight;
  if (bottom > offset + g.viewHeight) return clampOffset(g, bottom - g.viewHeight);
  return offset;
}
