// Writes one table in several ways, each as large as the others: the files of readers.mjs.
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";

/** "parts of an order, paid" in Chinese, as GB18030; Node has no encoder for it. */
const CHINESE_GB18030 = Buffer.from("b6a9b5a5b5c4d2bbb2bfb7d6a3acd2d1b8b6bfee", "hex");
const CHINESE = "订单的一部分，已付款";
const HEADER = "transaction_id,order_id,date,amount,fee,currency,note\n";
const CHUNK_ROWS = 10_000;

/**
 * How a file is written: the quote around each cell, the note, and the end of line `n`.
 * @type {readonly { name: string, quote: string, note: string, end: (n: number) => string, gb18030?: true }[]}
 */
export const WAYS = [
  { name: "clean UTF-8", quote: "", note: "parts of an order", end: () => "\n" },
  { name: "every cell quoted", quote: '"', note: "parts, of an order", end: () => "\n" },
  { name: "doubled quotes", quote: '"', note: 'a 5"" part of an order', end: () => "\n" },
  { name: "CRLF and LF mixed", quote: "", note: "parts of an order", end: (n) => (n % 3 === 0 ? "\n" : "\r\n") },
  { name: "Chinese in UTF-8", quote: "", note: CHINESE, end: () => "\n" },
  { name: "GB18030", quote: "", note: CHINESE, end: () => "\n", gb18030: true },
];

/** @param {typeof WAYS[number]} way */
export function fileName({ name }) {
  return `${name.toLowerCase().replaceAll(" ", "-")}.csv`;
}

/** Writes the files that are not there yet. @param {string} folder @param {number} megabytes */
export function writeAll(folder, megabytes) {
  mkdirSync(folder, { recursive: true });
  for (const way of WAYS) {
    const path = join(folder, fileName(way));
    if (existsSync(path)) continue;
    const file = openSync(`${path}.part`, "w");
    let size = writeSync(file, HEADER);
    for (let first = 0; size < megabytes << 20; first += CHUNK_ROWS) size += writeSync(file, rows(way, first));
    closeSync(file);
    renameSync(`${path}.part`, path);
  }
}

/** @param {typeof WAYS[number]} way @param {number} first @returns {Buffer} */
function rows({ quote: q, note, end, gb18030 }, first) {
  /** @type {Buffer[]} */
  const parts = [];
  let text = "";
  for (let n = first; n < first + CHUNK_ROWS; n += 1) {
    const [day, minute, cents] = [(n % 28) + 1, n % 60, n % 100].map((part) => String(part).padStart(2, "0"));
    const cells = [`T${String(n).padStart(9, "0")}`, `A-${String(n).padStart(8, "0")}`, `2026-02-${day} 08:${minute}:00`, `${(n % 90_000) + 1}.${cents}`, `0.${cents}`, "CNY"];
    text += `${cells.map((cell) => q + cell + q).join(",")},${q}`;
    if (gb18030) {
      parts.push(Buffer.from(text), CHINESE_GB18030);
      text = "";
    } else text += note;
    text += q + end(n);
  }
  return Buffer.concat([...parts, Buffer.from(text)]);
}
