/** The one state of the page; components read these signals, and only app/store/ writes them. */
import { computed, signal } from "@preact/signals-core";
import type { Detection, Localised, Progress, ProfileInfo, Run, RunSummary } from "../../sdk/types.ts";
import type { Fault } from "./fault.ts";
import type { Question } from "./questions.ts";
import type { SavedMapping } from "./saved.ts";

/** What a file is used as. */
export const ROLES = ["orders", "settlement", "bank", "contract", "rates", "carry", "ignore"] as const;
export type Role = (typeof ROLES)[number];

/** The roles of files that are read as tables, each a side of the run. */
export type SourceRole = "orders" | "settlement" | "bank";

export function isSource(role: Role): role is SourceRole {
  return role === "orders" || role === "settlement" || role === "bank";
}

/** Why a role was proposed: by the engine's detection, by the name, or not at all. */
export type RoleReason = { by: "content"; title: Localised } | { by: "saved" } | { by: "name" } | { by: "header" } | { by: "hidden" } | { by: "nothing" } | { by: "user" };

/** An answer, with the question as the engine put it. */
export interface GivenAnswer {
  readonly value: string;
  readonly question: Question;
}

export interface FileItem {
  readonly id: number;
  readonly blob: File;
  readonly name: string;
  readonly role: Role;
  readonly reason: RoleReason;
  readonly looking: boolean;
  /** Protected with a password that is not known yet. */
  readonly locked?: boolean;
  readonly detection?: Detection;
  /** The user's choice of a format; absent: as detected. */
  readonly profile?: string;
  /** The line that the user named as the header. */
  readonly headerRow?: number;
  /** The user's choices of columns, laid over the format's own; "": none is read. */
  readonly columns?: ReadonlyMap<string, string>;
  /** The user's answers to questions, by their place in a mapping. */
  readonly answers?: ReadonlyMap<string, GivenAnswer>;
  /** The saved mapping by which it is read. */
  readonly saved?: SavedMapping;
  readonly faults: readonly Fault[];
}

export interface Settings {
  /** ISO date; empty: the engine's default. */
  readonly asOf: string;
  readonly timezone: string;
  /** ISO 4217 code for files that state no currency; empty: such rows are rejected. */
  readonly currency: string;
}

export const NO_SETTINGS: Settings = { asOf: "", timezone: "UTC", currency: "" };

export type RunState =
  | { readonly state: "idle" }
  | { readonly state: "working"; readonly progress: Progress; readonly abort: AbortController }
  | { readonly state: "done"; readonly run: Run; readonly inputs: string };

export const files = signal<readonly FileItem[]>([]);
export const settings = signal<Settings>(NO_SETTINGS);
export const run = signal<RunState>({ state: "idle" });
export const profiles = signal<readonly ProfileInfo[]>([]);
/** The sample is loaded, so that it is labelled as such everywhere. */
export const sample = signal<"no" | "making" | "yes">("no");
/** What went wrong and concerns no single file. */
export const crash = signal<Fault | undefined>(undefined);
/** What was done beside the list of files, such as taking up a mapping; empty: nothing. */
export const notice = signal("");
/** The file whose reading the user wants to check. */
export const toCheck = signal<number | undefined>(undefined);
/** The file that has to be looked at next, since a run failed over it. */
export const attention = signal<number | undefined>(undefined);
/** The last thing worth saying to a screen reader. */
export const announcement = signal("");
/** The code by which the list of exceptions is filtered; empty: all. */
export const exceptionCode = signal("");
/** The id of the cause by which the list of exceptions is filtered; empty: all. */
export const exceptionCause = signal("");

/** Lists the exceptions of a code, or of a cause, or all. */
export function filterExceptions({ code = "", cause = "" }: { code?: string; cause?: string }): void {
  exceptionCode.value = code;
  exceptionCause.value = cause;
}

/** How the run stands, without its progress: who reads this draws again only when it begins and ends. */
export const phase = computed(() => run.value.state);

/** Files that are read as tables: sources of the run. */
export const sources = computed(() => files.value.filter(({ role }) => isSource(role)));

/** The name under which a source stands in the result: equal names are numbered, as in row names. */
export function nameInResult(id: number, among: readonly FileItem[] = sources.value): string {
  const file = among.find((one) => one.id === id);
  if (!file) return "";
  const twins = among.filter(({ name }) => name === file.name);
  const at = twins.indexOf(file);
  return at === 0 ? file.name : `${file.name}~${at + 1}`;
}

export const summary = computed<RunSummary | undefined>(() => (run.value.state === "done" ? run.value.run.summary : undefined));
export const matchCount = computed(() => summary.value?.counts.matches);
export const exceptionCount = computed(() => summary.value?.counts.exceptions);

/** All that a result depends on, as text: two equal texts give equal results. */
export const inputs = computed(() => {
  const used = files.value.filter(({ role }) => role !== "ignore");
  const entries = <V>(map: ReadonlyMap<string, V> = new Map()) => [...map];
  return JSON.stringify([
    settings.value,
    used.map(({ id, role, profile, headerRow, columns, answers, saved }) =>
      [id, role, profile, headerRow, entries(columns), entries(answers).map(([path, { value }]) => [path, value]), saved?.mapping]),
  ]);
});

/** The shown result was made from other inputs than those on the screen. */
export const stale = computed(() => run.value.state === "done" && run.value.inputs !== inputs.value);

export function updateFile(id: number, change: Partial<FileItem>): void {
  files.value = files.value.map((file) => (file.id === id ? { ...file, ...change } : file));
}
