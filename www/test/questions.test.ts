// What of a file is asked, what is a warning, and what is only worth knowing.
import { describe, expect, it } from "vitest";
import { questionsOf, remarksOf, warningsOf } from "../app/store/questions.ts";
import type { Assumption, SourceReport } from "../sdk/types.ts";

const ASSUMPTIONS: readonly Assumption[] = [
  {
    what: "date format of Date", value: "dmy", why: "03/04/2026 could be 2026-04-03 or 2026-03-04; no cell settles it", confirmed: false,
    path: "fields.occurred_at.format", options: ["dmy", "mdy"],
  },
  {
    what: "type “odd. word”", value: "other", confirmed: false, path: "fields.type.words.odd. word", options: ["sale", "other"],
    why: "the word is in no vocabulary; the row keeps its amount and is compared with no order; 12 rows, the first is 7",
  },
  { what: "number format of Total", value: "point", why: "1,234 could be 1234 or 1.234; no cell settles it, such as 1,234", confirmed: false, path: "numbers", options: ["point", "comma"] },
  { what: "time zone", value: "UTC", why: "neither the file nor its profile says in which zone its times are", confirmed: false, path: "zone", options: [] },
  { what: "difference of clocks", value: "8 h 00 min", why: "its zone is not stated and was taken to be another one than that of x.csv", confirmed: false, path: "zone", options: [] },
  { what: "period", value: "2026-01-01 to 2026-01-31", why: "no order is of these days: the orders are of 2026-02-01 to 2026-02-28", confirmed: false, path: "", options: [] },
  { what: "damaged id in Order", value: "1.2E+17", why: "x" },
  { what: "columns", value: "amount = Total", why: "no known layout; the columns were recognised by their names" },
];
const report = { assumptions: ASSUMPTIONS, rows: { read: 3, entries: 0, structural: 1, rejected: 2 }, currency: [] } as unknown as SourceReport;

describe("the questions of a file", () => {
  const asked = questionsOf(report, false);

  it("are those that a mapping can answer, each once", () => {
    expect(asked.map(({ kind, path }) => [kind, path])).toEqual([
      ["date", "fields.occurred_at.format"], ["type", "fields.type.words.odd. word"], ["numbers", "numbers"], ["zone", "zone"],
    ]);
  });

  it("have what speaks for each answer, taken from the engine's words", () => {
    expect(asked[0]).toMatchObject({ subject: "Date", example: "03/04/2026", readings: ["2026-04-03", "2026-03-04"] });
    expect(asked[1]).toMatchObject({ subject: "odd. word", rows: 12, first: 7 });
    expect(asked[2]).toMatchObject({ subject: "Total", example: "1,234", readings: ["1234", "1.234"] });
  });

  it("begin with the currency where nothing says it", () => {
    expect(questionsOf(report, true)[0]).toMatchObject({ kind: "currency", path: "fields.currency.value", rows: 2 });
  });

  it("leave what no mapping answers to the warnings, and the rest to the remarks", () => {
    expect(warningsOf(report).map(({ what }) => what)).toEqual(["difference of clocks", "period", "damaged id in Order"]);
    expect(remarksOf(report).map(({ what }) => what)).toEqual(["columns"]);
  });
});
