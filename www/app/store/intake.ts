/** Decides what each added file is: an order file, a settlement, a bank statement, a fee contract, or exchange rates. */
import { engine, forgetEngine, loadReaders, loadScreens } from "../engine.ts";
import { t } from "../i18n.ts";
import type { Detection, Part } from "../../sdk/types.ts";
import { faultFrom, faultOf, type Fault } from "./fault.ts";
import type { ChosenColumns } from "./mapping.ts";
import { pastedFile } from "./pasted.ts";
import { keep, mappingIn, mappingsFor, titleOf, type SavedMapping } from "./saved.ts";
import {
  NO_SETTINGS, announcement, crash, files, filterExceptions, isSource, notice, profiles, run, sample, settings, updateFile,
  type FileItem, type GivenAnswer, type Role,
} from "./store.ts";

const RATES_HEADER = /^\uFEFF?\s*"?date"?\s*[,;\t]\s*"?base"?\s*[,;\t]\s*"?quote"?\s*[,;\t]\s*"?rate"?\s*(\r|\n|$)/i;
const SAMPLE_SEED = 7;
/** A mapping is a few hundred bytes; what is larger is data. */
const MAPPING_BYTES = 256_000;

let lastId = 0;

/** Starts the engine ahead of the first file: all modules are then in, and nothing is requested any more. */
export async function warmUp(): Promise<void> {
  try {
    await engine();
    await Promise.all([loadScreens(), loadReaders()]);
  } catch (thrown) {
    forgetEngine();
    crash.value = faultFrom(thrown);
  }
}

/** Adds files that were dropped or picked; each is looked at by the engine. */
export async function addFiles(added: readonly File[]): Promise<void> {
  if (added.length === 0) return;
  if (sample.value === "yes") clearFiles();
  crash.value = undefined;
  notice.value = "";
  // Mappings first, so that the files beside them are read by them.
  const rest: File[] = [];
  for (const file of added) if (!(await takenAsMapping(file))) rest.push(file);
  await Promise.all(rest.map((file) => addFile(file)));
}

/** Adds a block from the clipboard; false where it is no table. */
export async function addPasted(text: string): Promise<boolean> {
  const file = pastedFile(text, new Set(files.value.map(({ name }) => name)));
  if (!file) return false;
  announcement.value = t("pasted-added", { file: file.name });
  await addFiles([file]);
  return true;
}

async function addFile(blob: File, role?: Role): Promise<void> {
  const id = listed(blob, { role: role ?? "ignore", looking: true });
  if (id !== undefined) await open(id);
}

/** A saved mapping is remembered, and read by at once where a file on the list is of its layout. */
async function takenAsMapping(blob: File): Promise<boolean> {
  if (!/\.json$/i.test(blob.name) || blob.size > MAPPING_BYTES) return false;
  const mapping = mappingIn(await blob.text());
  if (!mapping) return false;
  keep(titleOf(mapping) ?? blob.name, mapping);
  announcement.value = t("mapping-added", { file: blob.name });
  notice.value = announcement.value;
  for (const file of files.value.filter((one) => one.detection && isUntouched(one))) updateFile(file.id, await lookAt(file));
  return true;
}

function isUntouched({ profile, headerRow, columns, answers, saved }: FileItem): boolean {
  return !(profile ?? headerRow ?? columns ?? answers ?? saved);
}

/** Puts a file on the list; nothing where it is there already. */
function listed(blob: File, more: Partial<FileItem>): number | undefined {
  const { name } = blob;
  const twin = files.value.some((file) => file.name === name && file.blob.size === blob.size);
  if (twin) {
    announcement.value = t("file-duplicate", { file: name });
    crash.value = { code: "page/duplicate-file", message: () => t("file-duplicate", { file: name }) };
    return undefined;
  }
  lastId += 1;
  files.value = [...files.value, { id: lastId, blob, name, role: "ignore", reason: { by: "nothing" }, looking: false, faults: [], ...more }];
  return lastId;
}

/** Opens a file: an archive or a workbook gives its parts in its place, anything else is looked at as it is. */
async function open(id: number, password?: string): Promise<void> {
  const item = files.value.find((file) => file.id === id);
  if (!item) return;
  updateFile(id, { looking: true, faults: [] });
  try {
    const parts = await (await engine()).unpack(item.blob, password === undefined ? {} : { password });
    const [only] = parts;
    if (only && parts.length === 1 && only.name === item.name && !only.problem) {
      const same = { ...item, blob: only.file };
      updateFile(id, { ...(await lookAt(same)), blob: only.file, looking: false, locked: false });
    } else await replace(id, parts);
  } catch (thrown) {
    const fault = failed(thrown);
    const locked = fault?.code === "ingest/password-needed" || fault?.code === "ingest/wrong-password";
    updateFile(id, { looking: false, locked, faults: fault ? [fault] : [] });
    if (locked && fault) announcement.value = fault.message();
  }
}

/** Opens a file again, with the password that the user typed. */
export async function unlock(id: number, password: string): Promise<void> {
  await open(id, password);
}

/** The parts of a file in the place of the file. */
async function replace(id: number, parts: readonly Part[]): Promise<void> {
  files.value = files.value.filter((file) => file.id !== id);
  const looks = parts.map(async ({ name, file, hidden, problem }) => {
    if (problem) {
      listed(file, { faults: [faultOf({ ...problem, source: name })] });
      return;
    }
    const part = listed(file, { looking: true });
    const item = files.value.find((one) => one.id === part);
    if (part === undefined || !item) return;
    const seen = await lookAt(item);
    // What the workbook itself does not show is not counted unless somebody says so.
    updateFile(part, { ...seen, ...(hidden ? { role: "ignore", reason: { by: "hidden" } } : {}), looking: false });
  });
  await Promise.all(looks);
}

async function lookAt(item: FileItem): Promise<Partial<FileItem>> {
  if (/\.toml$/i.test(item.name)) return { role: "contract", reason: { by: "name" } };
  if (/\.crossfoot$/i.test(item.name)) return { role: "carry", reason: { by: "name" } };
  const head = await item.blob.slice(0, 512).text();
  if (RATES_HEADER.test(head)) return { role: "rates", reason: { by: "header" } };
  try {
    const known = sample.value === "no" ? mappingsFor(item.name) : [];
    const detection = await (await engine()).detect(item.blob, { saved: known.map(({ mapping }) => mapping) });
    const faults = faultsOf(item, detection);
    const saved = detection.saved === undefined ? undefined : known[detection.saved];
    const [best] = detection.guesses;
    const side = saved?.mapping["side"] ?? best?.side;
    if (typeof side !== "string") return { detection, faults, reason: { by: "nothing" } };
    const role: Role = side === "webhook" ? "settlement" : (side as Role);
    if (saved) return { detection, faults: [], role, saved, reason: { by: "saved" } };
    return { detection, faults, role, reason: best ? { by: "content", title: best.title } : { by: "nothing" } };
  } catch (thrown) {
    const fault = failed(thrown);
    return fault ? { faults: [fault] } : {};
  }
}

function faultsOf({ name }: FileItem, { problems }: Detection): readonly Fault[] {
  return problems.map((problem) => faultOf({ source: name, ...problem }));
}

/** Looks at a file again, after the user said what it is; the last word counts. */
async function lookAgain(id: number): Promise<void> {
  const item = files.value.find((file) => file.id === id);
  if (!item?.detection) return;
  const { role, profile, headerRow, saved } = item;
  try {
    const detection = await (await engine()).detect(item.blob, {
      ...(isSource(role) ? { side: role } : {}),
      ...(profile ? { profile } : {}),
      ...(headerRow === undefined ? {} : { headerRow }),
      ...(saved ? { saved: [saved.mapping] } : {}),
    });
    const now = files.value.find((file) => file.id === id);
    const same = now?.role === role && now.profile === profile && now.headerRow === headerRow && now.saved === saved;
    if (same) updateFile(id, { detection, faults: faultsOf(item, detection) });
  } catch (thrown) {
    const fault = failed(thrown);
    if (fault) updateFile(id, { faults: [fault] });
  }
}

/** A fault of the file, or nothing where the whole engine failed and the page says so. */
function failed(thrown: unknown): Fault | undefined {
  const fault = faultFrom(thrown);
  if (!/^(engine|load|page)\//.test(fault.code)) return fault;
  forgetEngine();
  crash.value = fault;
  return undefined;
}

export function removeFile(id: number): void {
  files.value = files.value.filter((file) => file.id !== id);
  if (files.value.length === 0) clearFiles();
}

/** Back to the empty page. */
export function clearFiles(): void {
  if (run.value.state === "working") run.value.abort.abort();
  files.value = [];
  notice.value = "";
  sample.value = "no";
  crash.value = undefined;
  filterExceptions({});
  run.value = { state: "idle" };
  settings.value = NO_SETTINGS;
}

export function setRole(id: number, role: Role): void {
  const before = files.value.find((file) => file.id === id);
  updateFile(id, { role, reason: before?.saved ? before.reason : { by: "user" } });
  if (isSource(role) && role !== before?.role) void lookAgain(id);
}

/** Reads a file by another format; empty: as detected. What was said of the old format is taken back with it. */
export function setProfile(id: number, profile: string): void {
  files.value = files.value.map((file) => (file.id === id ? { ...bare(file), ...(profile === "" ? {} : { profile }) } : file));
  void lookAgain(id);
}

/** Names the line of the header; what was said of other columns is taken back. */
export function setHeaderRow(id: number, headerRow: number): void {
  files.value = files.value.map((file) => (file.id === id ? { ...bare(file), headerRow } : file));
  void lookAgain(id);
}

/** Reads a file by a saved mapping; none: as detected. */
export function setSaved(id: number, saved: SavedMapping | undefined): void {
  files.value = files.value.map((file) => (file.id === id ? { ...bare(file), ...(saved ? { saved, reason: { by: "saved" } } : {}) } : file));
  void lookAgain(id);
}

/** A file as it was before anything was said of how to read it. */
function bare(file: FileItem): FileItem {
  const { profile: _profile, headerRow: _row, columns: _columns, answers: _answers, saved: _saved, ...rest } = file;
  const [best] = file.detection?.guesses ?? [];
  return file.reason.by === "saved" ? { ...rest, reason: best ? { by: "content", title: best.title } : { by: "nothing" } } : rest;
}

/** Lays the user's choices of columns over the format's; an empty map takes them back. */
export function setColumns(id: number, chosen: ChosenColumns): void {
  files.value = files.value.map((file) => {
    if (file.id !== id) return file;
    const { columns: _old, ...rest } = file;
    return chosen.size === 0 ? rest : { ...rest, columns: chosen, faults: [] };
  });
}

/** Answers a question; without an answer the question is open again. */
export function setAnswer(id: number, path: string, answer: GivenAnswer | undefined): void {
  files.value = files.value.map((file) => {
    if (file.id !== id) return file;
    const { answers: old, ...rest } = file;
    const answers = new Map(old ?? []);
    if (answer) answers.set(path, answer);
    else answers.delete(path);
    return answers.size === 0 ? rest : { ...rest, answers };
  });
}

/** Fills the page with the engine's own demo: a made-up month with planted faults. */
export async function loadSample(): Promise<void> {
  clearFiles();
  sample.value = "making";
  try {
    const demo = await (await engine()).demoFiles({ seed: SAMPLE_SEED });
    const { as_of, timezone, contract, rates } = demo.config;
    settings.value = { ...NO_SETTINGS, asOf: as_of ?? "", ...(timezone ? { timezone } : {}) };
    const added = demo.sources.map(({ name, side, blob }) => addFile(new File([blob], name), side === "webhook" ? "settlement" : side));
    if (contract) added.push(addFile(new File([contract], "fees.toml")));
    if (rates) added.push(addFile(new File([rates], "fx.csv")));
    await Promise.all(added);
    sample.value = "yes";
  } catch (thrown) {
    clearFiles();
    forgetEngine();
    crash.value = faultFrom(thrown);
  }
}

/** The formats that the engine knows, asked for once. */
export async function loadProfiles(): Promise<void> {
  if (profiles.value.length > 0) return;
  try {
    profiles.value = await (await engine()).profiles();
  } catch {
    // The list only offers a choice; a failing engine reports itself with the first file.
  }
}
