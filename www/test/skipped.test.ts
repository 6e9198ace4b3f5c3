// The rows that could not be read, as a file: nothing is lost, and nothing in it runs.
import { describe, expect, it } from "vitest";
import { guarded, skippedCsv, skippedRows } from "../app/skipped.ts";
import type { Page, PageQuery, RejectedRow, Run } from "../sdk/types.ts";

const row = (line: string, reason: string, raw: string): RejectedRow => ({ index: 0, row: `a:b.csv:${line}`, source: "a:b.csv", side: "orders", code: "UNPARSEABLE", reason, raw });

describe("the skipped rows", () => {
  it("are a CSV with file, line, reason and the row as it is", () => {
    const csv = skippedCsv([row("3", "no, not this", 'A-1,"5",x'), row("7/fee", "line\nbreak", "plain")], ["File", "Line", "Reason", "Row"]);
    expect(csv).toBe('\uFEFFFile,Line,Reason,Row\r\na:b.csv,3,"No, not this.","A-1,""5"",x"\r\na:b.csv,7/fee,"Line\nbreak.",plain\r\n');
  });

  // The same cases as those of the engine's exports.
  it.each([
    ["=1+1", "'=1+1"], ["@SUM(A1)", "'@SUM(A1)"], ["+254 700", "'+254 700"], ["-cmd", "'-cmd"], ["＝1", "'＝1"], [" =1", "' =1"],
    ["\t=1", "'\t=1"], ["-12.50", "-12.50"], ["+254700", "+254700"], ["-", "'-"], ["-1.", "'-1."], ["", ""], ["A=1", "A=1"],
  ])("%j is written as %j", (text, safe) => {
    expect(guarded(text)).toBe(safe);
  });

  it("are asked for page by page, until there are no more", async () => {
    const all = Array.from({ length: 1_203 }, (_, index) => row(String(index), "x", ""));
    const page = async (_view: string, { offset = 0, limit = 100 }: PageQuery): Promise<Page<RejectedRow>> => ({ total: all.length, offset, rows: all.slice(offset, offset + limit) });
    expect(await skippedRows({ page } as unknown as Run, "a:b.csv")).toEqual(all);
  });
});
