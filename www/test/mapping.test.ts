import { describe, expect, it } from "vitest";
import { canBeUnread, effectiveColumns, mappingOf, withChoice } from "../app/store/mapping.ts";
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
    fingerprint: "name,total",
    rows: [],
    problems: [],
    guesses: [
      { profile: "shopify-orders", title, side: "orders", basis: "signature", mapping: "{}", columns: [["reference", "Name"], ["amount", "Total"]] },
      { profile: "generic-orders", title, side: "orders", basis: "synonyms", mapping: "{}", columns: [["reference", "Id"]] },
    ],
  },
};

const GUESS = { side: "orders", title, profile: "generic-orders", basis: "synonyms" } as const;

/** A file whose columns were found by their names. */
function unknown(columns: [string, string][], mapping: object): FileItem {
  const detection = {
    format: "csv", fingerprint: "id,in,out", rows: [], problems: [],
    columns: ["Id", "In", "Out", "Note"].map((name) => ({ name, samples: [] })),
    guesses: [{ ...GUESS, mapping: JSON.stringify(mapping), columns }],
  };
  return { ...FILE, detection };
}

describe("the columns of a file", () => {
  const columns = (file: FileItem) => [...effectiveColumns(file)].map(([field, { column, less }]) => [field, ...[column, less].filter(Boolean)]);

  it("are those of the best guess", () => {
    expect(columns(FILE)).toEqual([["reference", "Name"], ["amount", "Total"]]);
  });

  it("are the user's choices before anything else", () => {
    expect(columns({ ...FILE, columns: new Map([["amount", "Paid, net"]]) })).toEqual([["reference", "Name"], ["amount", "Paid, net"]]);
  });

  it("of a known layout feed one field each: a choice takes the column from another field", () => {
    expect(columns({ ...FILE, columns: new Map([["net", "Total"]]) })).toEqual([["reference", "Name"], ["net", "Total"]]);
    expect(canBeUnread(FILE)).toBe(false);
  });

  it("of an unknown layout may feed two fields, or none", () => {
    const file = unknown([["reference", "Id"], ["amount", "In"]], {});
    expect(columns({ ...file, columns: new Map([["order_number", "Id"]]) })).toEqual([["reference", "Id"], ["amount", "In"], ["order_number", "Id"]]);
    expect(columns({ ...file, columns: new Map([["reference", ""]]) })).toEqual([["amount", "In"]]);
    expect(canBeUnread(file)).toBe(true);
  });

  it("may be a pair: what comes in less what goes out", () => {
    expect(columns(unknown([["amount", "In"], ["amount", "Out"]], {}))).toEqual([["amount", "In", "Out"]]);
  });

  it("are those of a saved mapping, over the profile that it completes or alone", () => {
    const file = unknown([["reference", "Id"], ["amount", "In"]], {});
    const fields = { amount: { credit: ["In"], debit: ["Out"] }, memo: ["Text", "Note"], batch: "gone" };
    const saved = (mapping: object) => ({ ...file, saved: { title: "x", on: "2026-05-01", mapping: { fingerprint: "id,in,out", ...mapping } } });
    expect(columns(saved({ base: "generic-orders", fields }))).toEqual([["reference", "Id"], ["amount", "In", "Out"], ["memo", "Note"]]);
    expect(columns(saved({ fields }))).toEqual([["amount", "In", "Out"], ["memo", "Note"]]);
  });
});

describe("a choice", () => {
  it("is added to the others, and taken back by choosing what is read anyway", () => {
    const columns = withChoice({ ...FILE, columns: withChoice(FILE, "amount", "Paid") }, "fee", "Fee");
    expect([...columns]).toEqual([["amount", "Paid"], ["fee", "Fee"]]);
    expect(withChoice({ ...FILE, columns: new Map([["amount", "Paid"]]) }, "amount", "Total").size).toBe(0);
    expect(withChoice(FILE, "fee", "").size).toBe(0);
    expect([...withChoice(FILE, "amount", "")]).toEqual([["amount", ""]]);
  });
});

describe("the mapping of a file", () => {
  const guessed = { schema: 1, name: "saved", side: "orders", base: "generic-orders", fingerprint: "id,in,out", fields: { amount: { credit: ["In"], debit: ["Out"] }, type: { columns: ["Note"] } } };
  const file = unknown([["amount", "In"], ["amount", "Out"], ["type", "Note"]], guessed);
  const question = { kind: "type", path: "", subject: "", what: "", value: "", why: [], options: [], readings: [], example: "", rows: 0, first: 0 } as const;

  it("is none while the user has said nothing", () => {
    expect(mappingOf(file)).toBeUndefined();
  });

  it("is the guess with columns and answers over it, for the side of the file", () => {
    const columns = new Map([["amount", "In"], ["reference", 'a "quoted", name']]);
    const answers = new Map([["fields.type.words.x.y", { value: "sale", question }], ["zone", { value: "Asia/Shanghai", question }], ["fields", { value: "yes", question }]]);
    expect(mappingOf({ ...file, role: "settlement", columns, answers })).toEqual({
      ...guessed, side: "settlement", zone: "Asia/Shanghai",
      fields: { amount: { columns: ["In"] }, reference: { columns: ['a "quoted", name'] }, type: { columns: ["Note"], words: { "x.y": "sale" } } },
    });
  });

  it("speaks for itself once a field is not to be read", () => {
    const { base: _, ...alone } = guessed;
    expect(mappingOf({ ...file, columns: new Map([["type", ""]]) })).toEqual({ ...alone, fields: { amount: guessed.fields.amount } });
  });

  it("starts from a saved one, and from nothing in a file that nobody knows", () => {
    const saved = { title: "x", on: "2026-05-01", mapping: { schema: 1, side: "orders", fingerprint: "f", base: "b", zone: "UTC" } };
    expect(mappingOf({ ...file, saved })).toEqual(saved.mapping);
    expect(mappingOf({ ...file, saved, answers: new Map([["zone", { value: "+08:00", question }]]) })).toEqual({ ...saved.mapping, zone: "+08:00" });
    const detection = { format: "csv", fingerprint: "a,b", rows: [], problems: [], columns: [], guesses: [] };
    expect(mappingOf({ ...FILE, detection, columns: new Map([["amount", "b"]]) })).toEqual({
      schema: 1, name: "saved", fingerprint: "a,b", side: "orders", fields: { amount: { columns: ["b"] } },
    });
  });
});
