/** Decides what a pasted block becomes: a file named after the time, as if it had been dropped. */
import { t } from "../i18n.ts";

/** The block as a file; nothing where it is a word or a sentence and no table. */
export function pastedFile(text: string, names: ReadonlySet<string>): File | undefined {
  const block = text.replace(/^[\r\n]+|\s+$/g, "");
  const isTable = /\t|\n|\r/.test(block) || /^\s*[[{]/.test(block);
  return isTable ? new File([`${block}\n`], free(t("pasted-name", { time: now() }), names)) : undefined;
}

/** Two blocks of one minute are two files. */
function free(name: string, names: ReadonlySet<string>): string {
  let found = name;
  for (let n = 2; names.has(found); n += 1) found = `${name} (${n})`;
  return found;
}

function now(): string {
  const at = new Date();
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
}
