// Files that are given to the engine, and what it recognises in them.

import type { Localised, Side } from "./words.ts";

/** Names a source within one reconciler. */
export type SourceId = number;

/** How a source is to be read. */
export interface SourceOptions {
  /** The file's name as it appears in row names. Default: `File.name`. */
  readonly name?: string;
  /** Whose view this is. Default: what the detected profile says; required for unknown files. */
  readonly side?: Side;
  /** Reads the file by this profile, instead of by what its header looks like. */
  readonly profile?: string;
  /**
   * Of which shop, marketplace or account the source speaks. Several exports of one side are one side; an order
   * number says which order is meant only within its scope. It counts where both sides have it.
   */
  readonly scope?: string;
  /** The user's own mapping: a saved one, or the text of `--columns` without the file's name. */
  readonly mapping?: Mapping | string;
  /** Mappings that were saved, the best first: the first whose `fingerprint` is that of a header in the file reads it.
   *  Without effect beside `mapping`. */
  readonly saved?: readonly Mapping[];
  /**
   * Of the side "webhook": the secrets by which the provider signs what it pushes (several while one is being
   * replaced). A delivery whose signature is missing or wrong is rejected. Without them signatures are not checked.
   */
  readonly secrets?: readonly string[];
  /** The password of an archive. */
  readonly password?: string;
  /** Which part of an archive or a workbook: its full name, such as "a.zip!b.csv" or "book.xlsx#Sheet". */
  readonly part?: string;
}

/** A part of a file: a file of an archive, a sheet of a workbook, or a plain file itself. */
export interface Part {
  /** Its full name, as it stands in row names. */
  readonly name: string;
  /** What `addSource` takes: the text itself, or records that were made of a sheet. */
  readonly file: File;
  /** Whether the file does not show it (a hidden sheet). */
  readonly hidden: boolean;
  /** Why it holds no table. */
  readonly problem?: Problem;
}

/**
 * A mapping as it is saved and loaded: the same schema as a provider profile. The keys of
 * `columns` are fields of an entry ("reference", "amount", "occurred_at", …).
 */
export interface Mapping {
  readonly [key: string]: unknown;
}

/** What is known of a file before it is looked at. */
export interface DetectOptions {
  /** The side for which it will be read: guesses of that side count. */
  readonly side?: Side;
  /** The profile by which it will be read. */
  readonly profile?: string;
  /** Physical line of the header, from 1, where a person says so: what stands above it is no part of the table. */
  readonly headerRow?: number;
  /** Saved mappings, as in `SourceOptions.saved`: `Detection.saved` says which of them is for this file. */
  readonly saved?: readonly Mapping[];
}

/** An answer to a question of an `Assumption`. */
export interface Answer {
  /** `Assumption.path`, such as "fields.occurred_at.format"; "fields" asks only whether what was found is right. */
  readonly path: string;
  /** One of `Assumption.options`, or any text where there are none. */
  readonly value: string;
}

/** What a file looks like, from its first bytes. */
export interface Detection {
  /** Of what the file seems to be made: "csv", "json", "fixed-width", … or "unknown". */
  readonly format: string;
  /** Encoding by its WHATWG name: "utf-8", "gb18030". Absent when it is not a text. */
  readonly encoding?: string;
  /** The cell separator of a text table: ",", ";", "\t", "|". */
  readonly delimiter?: string;
  /** Physical line of the header, from 1; where none was recognised, the line that has the most names. 0: the table has none.
   *  Absent for JSON. */
  readonly headerRow?: number;
  /** The columns with up to five values each, before any mapping. */
  readonly columns: readonly { readonly name: string; readonly samples: readonly string[] }[];
  /** What files of this layout have in common: the folded names of the columns. A saved mapping names it. */
  readonly fingerprint: string;
  /** Which of the saved mappings is for this file, by its place in the list; absent if none is. */
  readonly saved?: number;
  /** The first records (at most 40) as they are cut into cells, with their physical lines, sheet rows or elements. */
  readonly rows: readonly { readonly row: number; readonly cells: readonly string[] }[];
  /** Profiles that fit, best first. Empty: map the columns yourself. */
  readonly guesses: readonly FormatGuess[];
  /** What is wrong with the file, if anything; reading would report the same. */
  readonly problems: readonly Problem[];
}

/** A profile that fits a file. */
export interface FormatGuess {
  /** Name for `SourceOptions.profile`. */
  readonly profile: string;
  /** What people call it, for example "MFS Africa settlement". */
  readonly title: Localised;
  /** The side that this profile describes. */
  readonly side: Side;
  /** "signature": every column that identifies the profile is there; "synonyms": columns were
   *  recognised by their names and need a look. */
  readonly basis: "signature" | "synonyms";
  /** The guess as a mapping, the text of its JSON: to change, to save under its `fingerprint` (the folded header), and to
   *  read the next file of this layout by. */
  readonly mapping: string;
  /** Which columns of the file feed which fields, as `[field, column]`. */
  readonly columns: readonly (readonly [field: string, column: string])[];
}

/** A problem with input, as data. Thrown errors carry the same fields. */
export interface Problem {
  /** Stable, for example "ingest/bad-amount": the key for a translation. */
  readonly code: string;
  /** What happened, one English sentence without the place. */
  readonly message: string;
  /** What to do, in English. */
  readonly remedy?: string;
  /** The values in `message`, by name, for a translation. */
  readonly args: Readonly<Record<string, string>>;
  /** The file. */
  readonly source?: string;
  /** Physical line, or element of a JSON array, from 1. */
  readonly line?: number;
  /** The column's name, or its number from 1 where it has none. */
  readonly column?: string;
}

/** A source that was added. */
export interface SourceSummary {
  readonly id: SourceId;
  readonly name: string;
  readonly side: Side;
  /** Size in bytes. */
  readonly size: number;
  /** The profile that it will be read by; "mapping" for the user's own. */
  readonly profile: string;
  /** Which of `SourceOptions.saved` it will be read by; absent if none is for it. */
  readonly saved?: number;
  readonly detection: Detection;
}

/** A provider profile that the engine knows. */
export interface ProfileInfo {
  readonly name: string;
  readonly title: Localised;
  /** Absent where the profile fits either side. */
  readonly side?: Side;
  /** On what it was tried: "real" files, "documented" layouts, … */
  readonly status: string;
  /** Where the format is documented, or why it is known. */
  readonly source?: string;
}
