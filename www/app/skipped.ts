/** Decides how the rows that could not be read are written into a file: one CSV that a spreadsheet opens. */
import type { Page, RejectedRow, Run } from "../sdk/types.ts";
import { phrase } from "./phrases.ts";
import { sentence } from "./store/fault.ts";

/** Rows of a page, at most. */
const PAGE = 500;
/** Chinese spreadsheets take a CSV for GBK without it. */
const BOM = "\uFEFF";

/** The rejected rows of a file, all that the engine kept. */
export async function skippedRows(run: Run, source: string): Promise<readonly RejectedRow[]> {
  const rows: RejectedRow[] = [];
  for (;;) {
    const page: Page<RejectedRow> = await run.page("rejected", { filter: { source }, offset: rows.length, limit: PAGE });
    rows.push(...page.rows);
    if (page.rows.length === 0 || rows.length >= page.total) return rows;
  }
}

/** The rows as CSV under these four headings: file, line, reason, row. */
export function skippedCsv(rows: readonly RejectedRow[], headings: readonly string[]): string {
  const lines = rows.map(({ source, row, reason, raw }) => [source, lineOf(row, source), sentence(phrase(reason)), raw]);
  return BOM + [headings, ...lines].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

/** "orders.csv:12" gives "12". */
function lineOf(row: string, source: string): string {
  return row.startsWith(`${source}:`) ? row.slice(source.length + 1) : row.slice(row.lastIndexOf(":") + 1);
}

function cell(text: string): string {
  const safe = guarded(text);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** With an apostrophe before what a spreadsheet might run as a formula; the engine's exports do the same. */
export function guarded(text: string): string {
  const formula = /^[ \u00a0\u3000]*[=+\-@\t\r＝＋－＠]/.test(text);
  return formula && !/^[-+]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
}
