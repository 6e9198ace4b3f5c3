import { describe, expect, it } from "vitest";
import {
  MAX_SCROLL, OVERSCAN, clampOffset, isScaled, maxOffset, offsetFor, reveal, rowsAt, scrollFor, scrollHeight, type Geometry,
} from "../app/grid/geometry.ts";

const SHORT: Geometry = { count: 100, rowHeight: 36, viewHeight: 720 };
const MILLION: Geometry = { count: 1_000_000, rowHeight: 36, viewHeight: 720 };

describe("a short list", () => {
  it("is not scaled: one px of the bar is one px of the list", () => {
    expect(isScaled(SHORT)).toBe(false);
    expect(offsetFor(SHORT, 123)).toBe(123);
    expect(scrollFor(SHORT, 123)).toBe(123);
  });

  it("draws a few rows more than are in view", () => {
    expect(rowsAt(SHORT, 0)).toEqual({ first: 0, end: 20 + OVERSCAN });
    expect(rowsAt(SHORT, maxOffset(SHORT))).toEqual({ first: 80 - OVERSCAN, end: 100 });
  });
});

describe("a list of a million rows", () => {
  it("stays under the height that every browser can draw", () => {
    expect(scrollHeight(MILLION)).toBe(MAX_SCROLL);
    expect(isScaled(MILLION)).toBe(true);
  });

  it("reaches its last row at the bar's end", () => {
    const end = offsetFor(MILLION, MAX_SCROLL - MILLION.viewHeight);
    expect(end).toBe(maxOffset(MILLION));
    expect(rowsAt(MILLION, end).end).toBe(1_000_000);
  });

  it("comes back to the same offset through the bar", () => {
    for (const offset of [0, 36, 18_000_000, 35_000_001, maxOffset(MILLION)]) {
      expect(offsetFor(MILLION, scrollFor(MILLION, offset))).toBeCloseTo(offset, 3);
    }
  });
});

describe("reveal", () => {
  it.each([
    ["a row in view moves nothing", 500, 15, 500],
    ["a row above comes to the top", 500, 10, 360],
    ["a row below comes to the bottom", 500, 60, 60 * 36 + 36 - 720],
    ["the last row ends at the bottom", 0, 99, 100 * 36 - 720],
  ] as const)("%s", (_name, offset, row, expected) => {
    expect(reveal(SHORT, offset, row)).toBe(expected);
  });
});

it("an empty list has nowhere to go", () => {
  const empty: Geometry = { count: 0, rowHeight: 36, viewHeight: 720 };
  expect(clampOffset(empty, 50)).toBe(0);
  expect(rowsAt(empty, 0)).toEqual({ first: 0, end: 0 });
  expect(scrollFor(empty, 10)).toBe(0);
});
