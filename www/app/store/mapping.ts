/**
 * Decides by which mapping a file is read: what its format says, or a saved mapping, with the user's columns and answers
 * laid over it.
 */
import { withAnswers } from "../../sdk/mapping.ts";
import type { Mapping } from "../../sdk/types.ts";
import { isSource, type FileItem } from "./store.ts";

/** Fields of an entry that a column can feed, in the order in which people look for them. */
export const FIELDS = [
  "reference", "transaction_id", "order_number", "type", "status", "occurred_at", "settled_at", "currency", "amount",
  "fee", "tax", "net", "net_currency", "original_amount", "original_currency", "fx_rate", "batch", "method", "country", "memo",
] as const;

/** The column of a field, and the one that is taken off it: debits beside credits. */
export interface Feed {
  readonly column: string;
  readonly less?: string;
}

/** field → column */
export type Columns = ReadonlyMap<string, Feed>;
/** field → the column that the user chose; "": none is read */
export type ChosenColumns = ReadonlyMap<string, string>;

/** The columns without the user's choices: those of the format, under those of the saved mapping. */
export function detectedColumns(file: FileItem): Columns {
  const found = new Map<string, Feed>();
  const saved = file.saved?.mapping;
  if (!saved || "base" in saved) {
    for (const [field, column] of file.detection?.guesses[0]?.columns ?? []) {
      const first = found.get(field);
      found.set(field, first ? { ...first, less: column } : { column });
    }
  }
  return saved ? lay(found, feedsOf(saved, file)) : found;
}

/** The columns as they will be read. */
export function effectiveColumns(file: FileItem): Columns {
  const own = new Map([...(file.columns ?? [])].map(([field, column]) => [field, { column }]));
  return lay(detectedColumns(file), own, isCertain(file));
}

/** Puts columns over others; what no longer has a column falls out. A known layout does not read a column twice. */
function lay(under: Columns, over: Columns, exclusive = false): Columns {
  const taken = new Set([...over.values()].map(({ column }) => column));
  const rest = [...under].filter(([field, { column }]) => !over.has(field) && !(exclusive && taken.has(column)));
  return new Map([...rest, ...over].filter(([, { column }]) => column !== ""));
}

/** The columns that a saved mapping names and this file has. */
function feedsOf({ fields }: Mapping, file: FileItem): Columns {
  const known = new Set(file.detection?.columns.map(({ name }) => name));
  const first = (names: unknown): string => [names].flat().find((name): name is string => typeof name === "string" && known.has(name)) ?? "";
  const rules = typeof fields === "object" && fields !== null ? Object.entries(fields as Record<string, unknown>) : [];
  return new Map(rules.flatMap(([field, rule]): [string, Feed][] => {
    const { columns = "", credit = "", debit = "" } = typeof rule === "object" && rule !== null && !Array.isArray(rule)
      ? (rule as Record<string, unknown>)
      : { columns: rule };
    const column = first(columns) || first(credit);
    if (column === "") return [];
    return [[field, first(columns) === "" && first(debit) !== "" ? { column, less: first(debit) } : { column }]];
  }));
}

/** The user's choices with one more; choosing what is read anyway takes the choice back. */
export function withChoice(file: FileItem, field: string, column: string): ChosenColumns {
  const own = new Map(file.columns ?? []);
  const detected = detectedColumns(file).get(field);
  if ((detected?.column ?? "") === column && !detected?.less) own.delete(field);
  else own.set(field, column);
  return own;
}

/** Whether a field may be left without a column: a known layout reads what it knows. */
export function canBeUnread(file: FileItem): boolean {
  return !isCertain(file);
}

/** Whether a known layout was recognised or chosen. */
function isCertain(file: FileItem): boolean {
  return file.detection?.guesses[0]?.basis === "signature";
}

/** Whether the user, now or earlier, said how the file is read. */
export function hasChoices(file: FileItem): boolean {
  return file.headerRow !== undefined || (file.columns?.size ?? 0) > 0 || (file.answers?.size ?? 0) > 0;
}

/** The mapping to read a file by; nothing where its format says it all. */
export function mappingOf(file: FileItem): Mapping | undefined {
  if (!file.saved && !hasChoices(file)) return undefined;
  let made = file.saved?.mapping ?? proposed(file);
  for (const [field, column] of file.columns ?? []) made = withColumn(made, field, column);
  made = withAnswers(made, [...(file.answers ?? [])].map(([path, { value }]) => ({ path, value })));
  return isSource(file.role) ? { ...made, side: file.role } : made;
}

function proposed({ detection }: FileItem): Mapping {
  const [guess] = detection?.guesses ?? [];
  if (guess) return JSON.parse(guess.mapping) as Mapping;
  return { schema: 1, name: "saved", fingerprint: detection?.fingerprint ?? "", fields: {} };
}

function withColumn(mapping: Mapping, field: string, column: string): Mapping {
  const { [field]: old, ...fields } = (mapping["fields"] ?? {}) as Record<string, unknown>;
  if (column === "") {
    // The profile beneath would find a column for the field again: the mapping then speaks for itself.
    const { base: _, ...alone } = mapping;
    return { ...alone, fields };
  }
  const rule = typeof old === "object" && old !== null && !Array.isArray(old) ? (old as Record<string, unknown>) : {};
  const { credit: _credit, debit: _debit, sum: _sum, value: _value, ...rest } = rule;
  return { ...mapping, fields: { ...fields, [field]: { ...rest, columns: [column] } } };
}
