import { describe, expect, it } from "vitest";
import { canBeChosen, detectedColumns, effectiveColumns, withChoice, written } from "../app/store/mapping.ts";
import type { FileItem } from "../app/store/store.ts";

const title = { en: "Shopify orders", "zh-Hans": "Shopify 订单" };
const FILE: FileItem = {
  id: 1,
  blob: new File([], "orders.csv"),
  name: "orders.csv",
  role: "orders",
  reason: { by: "content", title },
  looking: false,
  faults: [],
  detection: {
    format: "csv",
    columns: [],
    problems: [],
    guesses: [
      { profile: "shopify-orders", title, side: "orders", basis: "signature", mapping: "{}", columns: [["reference", "Name"], ["amount", "Total"]] },
      { profile: "generic-orders", title, side: "orders", basis: "synonyms", mapping: "{}", columns: [["reference", "Id"]] },
    ],
  },
};

describe("the columns of a file", () => {
  it("are those of the best guess", () => {
    expect([...effectiveColumns(FILE)]).toEqual([["reference", "Name"], ["amount", "Total"]]);
  });

  it("are those of the chosen format", () => {
    expect([...detectedColumns({ ...FILE, profile: "generic-orders" })]).toEqual([["reference", "Id"]]);
  });

  it("are the user's choices before anything else", () => {
    const columns = new Map([["amount", "Paid, net"]]);
    expect([...effectiveColumns({ ...FILE, columns })]).toEqual([["reference", "Name"], ["amount", "Paid, net"]]);
  });

  it("feed one field each: a choice takes the column from another field", () => {
    const columns = new Map([["net", "Total"]]);
    expect([...effectiveColumns({ ...FILE, columns })]).toEqual([["reference", "Name"], ["net", "Total"]]);
  });
});

describe("a choice", () => {
  it("is added to the others", () => {
    const columns = withChoice({ ...FILE, columns: withChoice(FILE, "amount", "Paid, net") }, "fee", "Fee: total");
    expect(written(columns)).toBe('file: amount="Paid, net", fee="Fee: total"');
  });

  it("of what the format says anyway is none", () => {
    const columns = withChoice(FILE, "amount", "Paid");
    expect(withChoice({ ...FILE, columns }, "amount", "Total").size).toBe(0);
    expect(withChoice({ ...FILE, columns }, "amount", "").size).toBe(0);
  });

  it("needs a name that fits between quotes", () => {
    expect(canBeChosen("Paid, net")).toBe(true);
    expect(canBeChosen('17" screens')).toBe(false);
    expect(canBeChosen("")).toBe(false);
  });
});
