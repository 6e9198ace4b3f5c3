// What the browser remembers: one mapping for a header and a side, the latest first, and nothing where it refuses.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { forget, keep, mappingIn, mappingsFor, savedMappings, titleOf } from "../app/store/saved.ts";

const mapping = (fingerprint: string, side = "orders", more: object = {}) => ({ schema: 1, fingerprint, side, fields: {}, ...more });
const titles = (name: string) => mappingsFor(name).map(({ title }) => title);

let kept: Map<string, string>;

beforeEach(() => {
  kept = new Map();
  vi.stubGlobal("localStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("what is remembered", () => {
  it("replaces the mapping for the same header and side, and no other", () => {
    expect(keep("may.csv", mapping("a,b"))).toBe(true);
    keep("bank.csv", mapping("a,b", "bank"));
    keep("june.csv", mapping("a,b", "orders", { zone: "UTC" }));
    expect(titles("x.csv")).toEqual(["june.csv", "bank.csv"]);
    expect(savedMappings.value[0]?.on).toMatch(/^\d{4}-\d\d-\d\d$/);
    forget(mapping("a,b"));
    expect(titles("x.csv")).toEqual(["bank.csv"]);
  });

  it("puts those of files of like names first: two banks may have one header", () => {
    keep("north_2026-05.csv", mapping("date,text,amount", "bank", { zone: "Europe/Oslo" }));
    keep("south_2026-05.csv", mapping("date,text,sum", "bank"));
    expect(titles("north_2026-06 (1).csv")).toEqual(["north_2026-05.csv", "south_2026-05.csv"]);
    expect(titles("south_2026-06.csv")).toEqual(["south_2026-05.csv", "north_2026-05.csv"]);
  });

  it("is at most 200 mappings", () => {
    for (let n = 0; n < 205; n += 1) keep(`${n}.csv`, mapping(`header ${n}`));
    expect(titles("x").length).toBe(200);
    expect(titles("x")[0]).toBe("204.csv");
  });

  it("is nothing where the storage is damaged or refused, and the refusal is told", () => {
    kept.set("crossfoot.mappings", '[{"title":7},{"title":"x","on":"","mapping":{}},null]');
    expect(mappingsFor("x")).toEqual([]);
    kept.set("crossfoot.mappings", "{");
    expect(mappingsFor("x")).toEqual([]);
    vi.stubGlobal("localStorage", { getItem: () => { throw new Error("refused"); }, setItem: () => { throw new Error("refused"); } });
    expect(keep("x", mapping("a"))).toBe(false);
  });
});

describe("a mapping in a file", () => {
  it.each([
    ["", false], ["[1]", false], ["null", false], ['{"schema":1,"fields":{}}', false], ['{"schema":1,"fingerprint":"","fields":{}}', false],
    ['[{"id":"1","amount":"5"}]', false], ['{"schema":1,"entries":[],"fingerprint":"x"}', false],
    ['{"schema":1,"fingerprint":"a,b","fields":{}}', true], ['{"schema":1,"fingerprint":"a,b","base":"shopify-orders"}', true],
  ])("%s is one: %s", (text, is) => {
    expect(mappingIn(text) !== undefined).toBe(is);
  });

  it("has the name of the file for which it was made", () => {
    expect(titleOf(mapping("a", "orders", { title: { en: "may.csv" } }))).toBe("may.csv");
    expect(titleOf(mapping("a"))).toBeUndefined();
  });
});
