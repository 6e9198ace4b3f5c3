// Zip archives and workbooks for the tests, written byte by byte.

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n >>> 0;
});
const step = (crc: number, byte: number): number => ((crc >>> 8) ^ (CRC[(crc ^ byte) & 255] ?? 0)) >>> 0;
const crcOf = (bytes: Uint8Array): number => ~bytes.reduce(step, 0xffffffff) >>> 0;

/** An archive of stored files; with a password in the traditional encryption. */
export function zip(files: Readonly<Record<string, string>>, password?: string): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [title, text] of Object.entries(files)) {
    const [name, content] = [Buffer.from(title), Buffer.from(text)];
    const crc = crcOf(content);
    const data = password === undefined ? content : encrypted(content, crc, password);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE((password === undefined ? 0 : 1) | 0x800, 2);
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), common, name, data]);
    directory.push(Buffer.from("PK\u0001\u0002\u0014\0"), common, place, name);
    parts.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  const count = Object.keys(files).length;
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, list, end]);
}

function encrypted(content: Buffer, crc: number, password: string): Buffer {
  const keys: [number, number, number] = [0x12345678, 0x23456789, 0x34567890];
  const update = (byte: number) => {
    keys[0] = step(keys[0], byte);
    keys[1] = (Math.imul(keys[1] + (keys[0] & 255), 134775813) + 1) >>> 0;
    keys[2] = step(keys[2], keys[1] >>> 24);
  };
  for (const byte of Buffer.from(password)) update(byte);
  const plain = Buffer.concat([Buffer.alloc(11, 7), Buffer.from([crc >>> 24]), content]);
  return plain.map((byte) => {
    const key = (keys[2] & 0xffff) | 2;
    const out = byte ^ ((Math.imul(key, key ^ 1) >>> 8) & 255);
    update(byte);
    return out;
  }) as Buffer;
}

/** A workbook with the named sheets, each a list of rows of texts and numbers. */
export function workbook(sheets: Readonly<Record<string, readonly (readonly (string | number)[])[]>>): Buffer {
  const names = Object.keys(sheets);
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const relations = (list: readonly (readonly [type: string, target: string])[]) =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list
      .map(([type, target], at) => `<Relationship Id="r${at}" Type="${kind}/${type}" Target="${target}"/>`).join("")}</Relationships>`;
  const cell = (value: string | number) =>
    typeof value === "number" ? `<c><v>${value}</v></c>` : `<c t="inlineStr"><is><t>${value}</t></is></c>`;
  const rows = (list: readonly (readonly (string | number)[])[]) =>
    list.map((row) => `<row>${row.map(cell).join("")}</row>`).join("");
  return zip({
    "[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    "_rels/.rels": relations([["officeDocument", "xl/workbook.xml"]]),
    "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${kind}"><sheets>${names
      .map((name, at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="r${at}"/>`).join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relations(names.map((_, at) => ["worksheet", `worksheets/s${at}.xml`] as const)),
    ...Object.fromEntries(names.map((name, at) => [
      `xl/worksheets/s${at}.xml`, `<worksheet xmlns="${main}"><sheetData>${rows(sheets[name] ?? [])}</sheetData></worksheet>`,
    ])),
  });
}
