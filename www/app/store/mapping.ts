/**
 * Decides which column feeds which field: what the format says, with the user's own choices laid over it, and how
 * these choices are written for the engine.
 */
import type { FileItem } from "./store.ts";

/** Fields of an entry that a column can feed, in the order in which people look for them. */
export const FIELDS = [
  "reference", "transaction_id", "order_number", "type", "status", "occurred_at", "settled_at", "currency", "amount",
  "fee", "tax", "net", "net_currency", "original_amount", "original_currency", "fx_rate", "batch", "method", "country", "memo",
] as const;

/** field → column */
export type Columns = ReadonlyMap<string, string>;

/** The columns that the format feeds into fields, as far as looking at the head of the file tells. */
export function detectedColumns(file: FileItem): Columns {
  const guesses = file.detection?.guesses ?? [];
  const guess = file.profile ? guesses.find(({ profile }) => profile === file.profile) : guesses[0];
  return new Map(guess?.columns.map(([field, column]) => [field, column]) ?? []);
}

/** The columns as they will be read: a column that the user gave to one field no longer feeds another. */
export function effectiveColumns(file: FileItem): Columns {
  const own = file.columns ?? new Map<string, string>();
  const taken = new Set(own.values());
  const rest = [...detectedColumns(file)].filter(([field, column]) => !own.has(field) && !taken.has(column));
  return new Map([...rest, ...own]);
}

/** The user's choices with one more; choosing what the format says anyway takes the choice back. */
export function withChoice(file: FileItem, field: string, column: string): Columns {
  const own = new Map(file.columns ?? []);
  if (column === "" || detectedColumns(file).get(field) === column) own.delete(field);
  else own.set(field, column);
  return own;
}

/** The choices as the engine's one-line mapping takes them: `file: reference="Order No", amount="Total"`. */
export function written(own: Columns): string {
  return `file: ${[...own].map(([field, column]) => `${field}="${column}"`).join(", ")}`;
}

/** Whether a column can be named in a mapping: its name must fit between double quotes. */
export function canBeChosen(column: string): boolean {
  return column !== "" && !column.includes('"');
}
