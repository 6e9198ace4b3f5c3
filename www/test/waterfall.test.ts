import { describe, expect, it } from "vitest";
import { place, waterfall, type Walk } from "../app/chart/waterfall-model.ts";

const SMALL_PARTS: Walk = {
  currency: "KES",
  expected: "1204331.20",
  received: "1197820.05",
  explained: [{ part: "fee", amount: "-6089.60" }, { part: "fx_spread", amount: "-12.40" }],
  unexplained: "-409.15",
};

describe("the bars", () => {
  const { bars } = waterfall(SMALL_PARTS);

  it("walk from expected over every part to received", () => {
    expect(bars.map(({ part, kind }) => [part, kind])).toEqual([
      ["expected", "total"], ["fee", "down"], ["fx_spread", "down"], ["unexplained", "open"], ["received", "total"],
    ]);
  });

  it("begin where the one before ended", () => {
    for (let index = 1; index < bars.length - 1; index += 1) expect(bars[index]?.from).toBe(bars[index - 1]?.level);
    expect(bars.at(-2)?.level).toBeCloseTo(1197820.05, 6);
  });
});

describe("the axis", () => {
  it("is cut where the parts would vanish beside the totals", () => {
    const chart = waterfall(SMALL_PARTS);
    expect(chart.broken).toBe(true);
    expect(chart.low).toBeGreaterThan(0);
    expect(chart.low).toBeLessThan(1197820.05);
  });

  it("starts at zero where the parts are large", () => {
    const chart = waterfall({ ...SMALL_PARTS, received: "200000.00", unexplained: "-998229.20" });
    expect(chart).toMatchObject({ broken: false, low: 0 });
  });

  it("goes below zero where the money does", () => {
    const chart = waterfall({ currency: "USD", expected: "0.00", received: "-50.00", explained: [], unexplained: "-50.00" });
    expect(chart).toMatchObject({ broken: false, low: -50, high: 0 });
  });

  it("has a place for everything even where all is nothing", () => {
    const chart = waterfall({ currency: "USD", expected: "0.00", received: "0.00", explained: [], unexplained: "0.00" });
    expect(place(chart, 100, 0)).toBe(0);
  });

  it("keeps every bar inside", () => {
    const chart = waterfall(SMALL_PARTS);
    for (const { from, to } of chart.bars) {
      for (const end of [from, to]) {
        expect(place(chart, 600, end)).toBeGreaterThanOrEqual(0);
        expect(place(chart, 600, end)).toBeLessThanOrEqual(600);
      }
    }
  });
});
