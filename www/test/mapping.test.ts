import { describe, expect, it } from "vitest";
import { choose, columnsOf, parse, write } from "../app/store/mapping.ts";
import type { FileItem } from "../app/store/store.ts";

const SHOPIFY = { en: "Shopify orders", "zh-Hans": "Shopify 订单" };
const FILE: FileItem = {
  id: 1,
  blob: new Blob([]),
  name: "orders.csv",
  role: "orders",
  reason: { by: "content", title: SHOPIFY },
  looking: false,
  faults: [],
  detection: {
    format: "csv",
    columns: [],
    problems: [],
    guesses: [
      { profile: "shopify-orders", title: SHOPIFY, side: "orders", basis: "signature", columns: [["reference", "Name"], ["amount", "Total"]] },
      { profile: "generic-orders", title: { en: "Orders", "zh-Hans": "订单" }, side: "orders", basis: "synonyms", columns: [["reference", "Id"]] },
    ],
  },
};

describe("the columns of a file", () => {
  it("are those of the best guess", () => {
    expect([...columnsOf(FILE)]).toEqual([["reference", "Name"], ["amount", "Total"]]);
  });

  it("are those of the chosen format", () => {
    expect([...columnsOf({ ...FILE, profile: "generic-orders" })]).toEqual([["reference", "Id"]]);
  });

  it("are the user's own before anything else", () => {
    expect([...columnsOf({ ...FILE, profile: "generic-orders", mapping: 'amount="Paid, net"' })]).toEqual([["amount", "Paid, net"]]);
  });
});

it("a choice survives being written and read", () => {
  const chosen = choose(choose(columnsOf(FILE), "amount", "Paid, net"), "fee", "Fee: total");
  expect(write(chosen)).toBe('reference="Name", amount="Paid, net", fee="Fee: total"');
  expect(parse(write(chosen))).toEqual(chosen);
  expect([...choose(chosen, "fee", "").keys()]).toEqual(["reference", "amount"]);
});
