/** Decides how the user's own choice of columns is written: as the text that `--columns` takes. */
import type { FileItem } from "./store.ts";

/** Fields of an entry that a column can feed, in the order in which people look for them. */
export const FIELDS = [
  "reference", "transaction_id", "order_number", "type", "status", "occurred_at", "settled_at", "currency", "amount",
  "fee", "tax", "net", "net_currency", "original_amount", "original_currency", "fx_rate", "batch", "method", "country", "memo",
] as const;

export type Columns = ReadonlyMap<string, string>;

/** Which column feeds which field: the user's own choice, or what was detected. */
export function columnsOf(file: FileItem): Columns {
  if (file.mapping !== undefined) return parse(file.mapping);
  const guesses = file.detection?.guesses ?? [];
  const guess = file.profile ? guesses.find(({ profile }) => profile === file.profile) : guesses[0];
  return new Map(guess?.columns.map(([field, column]) => [field, column]) ?? []);
}

/** `reference="Order No", amount="Total"`; empty choices are left out. */
export function write(columns: Columns): string {
  return [...columns]
    .filter(([, column]) => column !== "")
    .map(([field, column]) => `${field}="${column}"`)
    .join(", ");
}

/** Reads what `write` wrote. */
export function parse(text: string): Columns {
  const found = text.matchAll(/([a-z_]+)="([^"]*)"/g);
  return new Map([...found].map(([, field = "", column = ""]) => [field, column]));
}

/** The choice with one field fed by another column; empty: by none. */
export function choose(columns: Columns, field: string, column: string): Columns {
  const next = new Map(columns);
  if (column === "") next.delete(field);
  else next.set(field, column);
  return next;
}
