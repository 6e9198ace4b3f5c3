// Prepared records, as far as this side reads them: src/ingest/prepared/mod.rs says how they are written.

const MAGIC = "\u001ccrossfoot-records-1\u001f";
const [FRAME, FIELD, CELL] = ["\u001e", "\u001f", "\t"];
/** A row is shown up to here. */
const SHOWN_BYTES = 4096;

/** The SHA-256 of the file that records were made from; nothing for any other source. */
export async function preparedHash(blob: Blob): Promise<string | undefined> {
  const head = await textAt(blob, 0, 256);
  if (!head?.startsWith(MAGIC)) return undefined;
  return head.slice(MAGIC.length).split(FRAME)[0]?.split(FIELD)[2];
}

/** The raw text of the record at `offset`; nothing where the source is no prepared records. */
export async function recordAt(blob: Blob, offset: number): Promise<string | undefined> {
  if (!(await textAt(blob, 0, MAGIC.length))?.startsWith(MAGIC)) return undefined;
  const [, raw = "", cells = ""] = ((await textAt(blob, offset, SHOWN_BYTES)) ?? "").split(FRAME)[0]?.split(FIELD) ?? [];
  return plain(raw === "" ? cells : raw);
}

function plain(field: string): string {
  return field.replace(/\u001c(.)/g, (_, digit: string) => ["\u001c", "\u001d", FRAME, FIELD, CELL][Number(digit)] ?? "");
}

async function textAt(blob: Blob, offset: number, bytes: number): Promise<string | undefined> {
  try {
    return await blob.slice(offset, offset + bytes).text();
  } catch {
    return undefined; // the file is gone; reading it says so
  }
}
