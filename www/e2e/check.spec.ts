// The Check screen: questions are answered with a click and remembered, the header is pointed at, and what was skipped is
// handed out; blocks from spreadsheets and whole folders come in. All under the shipped policy.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cells, drop, expect, open, reconcile, requests, show, test } from "./workbench.ts";
import type { Download, Locator, Page, TestInfo } from "@playwright/test";

const LINES = [
  "Order No,Transaction ID,Date,Amount,Fee,Type,Currency",
  "A-1001,TX9001,03/04/2026 10:15,120.00,-3.60,Zahlung,EUR",
  "A-1002,TX9002,04/04/2026 11:20,75.50,-2.27,Zahlung,EUR",
  "A-1001,TX9004,06/04/2026 18:40,-120.00,0.00,refund,EUR",
].join("\n");

function written(info: TestInfo, name: string, text: string | Buffer): string {
  const path = info.outputPath(name);
  writeFileSync(path, text);
  return path;
}

/** Drops one file and shows how it is read. */
async function check(page: Page, path: string): Promise<void> {
  await drop(page, [path]);
  await expect(page.getByText("Looking at the file")).toHaveCount(0);
  await show(page, "check");
}

const question = (page: Page, title: string): Locator => page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: title }) });
const field = (page: Page, name: string): Locator => page.locator(`li[data-field=${name}]`);
const save = async (page: Page, button: string | RegExp): Promise<Download> =>
  (await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: button }).click()]))[0];

test("questions show their evidence, are answered with one click, and the answers read the next file", async ({ page }, info) => {
  await open(page);
  await page.waitForLoadState("networkidle");
  const loaded = requests().length;
  await check(page, written(info, "psp-may.csv", LINES));
  await expect(page.getByText("4 questions").first()).toBeVisible();

  const date = question(page, "In which order are day and month written in “Date”?");
  await expect(date).toContainText("“03/04/2026 10:15” can be read in two ways");
  await expect(date).toContainText("Line 2: A-1001");
  await expect(field(page, "occurred_at")).toContainText("2026-04-03 10:15:00 UTC");
  await date.getByRole("button", { name: /^Month first/ }).click();
  await expect(field(page, "occurred_at")).toContainText("2026-03-04 10:15:00 UTC");
  await expect(date).toHaveCount(0);

  await question(page, "What is a row of the type “Zahlung”?").getByRole("button", { name: "Sale" }).click();
  await expect(field(page, "type")).toContainText(/Zahlung\s*→\s*Sale/);
  await question(page, "Were fees such as “-3.60” charged to you or paid to you?").getByRole("button", { name: "Charged to me" }).click();
  const zone = question(page, "In which time zone are the times in this file?");
  await zone.getByLabel("Another time zone").fill("Mars/Olympus");
  await zone.getByRole("button", { name: "Use it" }).click();
  await expect(zone).toBeVisible();
  await zone.getByLabel("Another time zone").fill("Asia/Shanghai");
  await zone.getByRole("button", { name: "Use it" }).click();
  await expect(page.getByText("No open questions")).toBeVisible();
  await expect(field(page, "occurred_at")).toContainText("2026-03-04 10:15:00 +08:00");
  await expect(field(page, "fee")).toContainText(/-3\.60\s*→\s*EUR\s−3\.60/);

  // An answer can be taken back, and given again.
  await page.getByRole("button", { name: "Take back: In which order" }).click();
  await date.getByRole("button", { name: /^Month first/ }).click();
  await expect(page.getByText("No open questions")).toBeVisible();

  // The mapping as a file is what the command takes, and holds nothing of the rows.
  await page.getByRole("button", { name: "Change how psp-may.csv is read" }).click();
  const mapping = readFileSync(await (await save(page, "Save the mapping as a file")).path(), "utf8");
  expect(JSON.parse(mapping)).toMatchObject({
    schema: 1, side: "settlement", fingerprint: "orderno,transactionid,date,amount,fee,type,currency", zone: "Asia/Shanghai",
    fields: { occurred_at: { format: "mdy" }, type: { words: { zahlung: "sale" } }, fee: { sign: "as_written" } },
  });
  const kept = await page.evaluate(() => localStorage.getItem("crossfoot.mappings") ?? "");
  for (const secret of ["A-1001", "TX9001", "120.00", "75.50"]) expect(kept + mapping).not.toContain(secret);
  expect(requests().length).toBe(loaded);

  // The next month, in a new visit.
  await page.reload();
  const june = written(info, "psp-june.csv", LINES.replaceAll("/2026", "/2027"));
  await check(page, june);
  await expect(page.getByText(/your mapping of \d{4}-\d\d-\d\d \(psp-may\.csv\)/)).toBeVisible();
  await expect(page.getByText("No open questions")).toBeVisible();
  await expect(field(page, "occurred_at")).toContainText("2027-03-04 10:15:00 +08:00");
  await show(page, "files");
  await expect(page.getByRole("article", { name: "psp-june.csv" })).toContainText(/Recognised: your mapping of .* ·\s+change/s);
  await page.getByRole("button", { name: "Change how psp-june.csv is read" }).click();
  await expect(page.locator("cf-check h1")).toBeVisible();
  await page.getByRole("button", { name: "Forget all of this" }).click();
  await expect(page.getByText("4 questions").first()).toBeVisible();
  expect(await page.evaluate(() => localStorage.getItem("crossfoot.mappings"))).toBe("[]");

  // The file of the mapping brings it back, dropped like any other.
  await page.reload();
  await drop(page, [written(info, "colleague.json", mapping), june]);
  await expect(page.getByRole("note")).toContainText("The mapping in colleague.json is remembered");
  await expect(page.getByRole("article")).toHaveCount(1);
  await expect(page.getByRole("article", { name: "psp-june.csv" })).toContainText("your mapping of");
});

test("a result that rests on an open question says so, and leads to it", async ({ page }, info) => {
  await open(page);
  await drop(page, [written(info, "psp.csv", LINES)]);
  await expect(page.getByText("Looking at the file")).toHaveCount(0);
  await reconcile(page);
  await page.getByRole("note").getByRole("button", { name: "Answer the questions" }).click();
  await page.getByRole("button", { name: /^Month first/ }).click();
  await expect(field(page, "occurred_at")).toContainText("2026-03-04 10:15:00 UTC");
  await expect(page.getByText("Something has changed since the last result.")).toBeVisible();
});

test("questions are answered by keyboard, one after the other, and what is remembered can be forgotten", async ({ page }, info) => {
  await open(page);
  await check(page, written(info, "psp.csv", LINES));
  await page.getByRole("button", { name: /^Day first/ }).focus();
  for (const title of ["Were fees such as", "In which time zone", "What is a row of the type"]) {
    await page.keyboard.press("Enter");
    const group = page.getByRole("group", { name: title });
    await expect(group.getByRole("button").first()).toBeFocused();
  }
  await page.keyboard.press("Enter");
  await expect(page.getByText("No open questions")).toBeVisible();
  await expect(page.locator("details.source > summary")).toBeFocused();
  await page.getByText("This browser remembers how to read 1 kind of file").click();
  const saved = await save(page, "Save as a file: the mapping of psp.csv");
  expect(JSON.parse(readFileSync(await saved.path(), "utf8"))).toMatchObject({ title: { en: "psp.csv" }, fields: { occurred_at: { format: "dmy" } } });
  await page.getByRole("button", { name: "Forget the mapping of psp.csv" }).click();
  await expect(page.getByText("This browser remembers")).toHaveCount(0);
});

test("what shall not be remembered is not", async ({ page }, info) => {
  await open(page);
  await check(page, written(info, "psp.csv", LINES));
  await page.getByRole("button", { name: /^Month first/ }).click();
  const keep = page.getByRole("checkbox", { name: /^Read the next file with these columns the same way/ });
  await expect(keep).toBeChecked();
  expect(await page.evaluate(() => localStorage.getItem("crossfoot.mappings"))).toContain("mdy");
  await keep.uncheck();
  expect(await page.evaluate(() => localStorage.getItem("crossfoot.mappings"))).toBe("[]");
  await question(page, "What is a row of the type “Zahlung”?").getByRole("button", { name: "Sale" }).click();
  await expect(field(page, "type")).toContainText(/Zahlung\s*→\s*Sale/);
  expect(await page.evaluate(() => localStorage.getItem("crossfoot.mappings"))).toBe("[]");
});

test("the line of the header is chosen on the lines themselves, by mouse and by keyboard", async ({ page }, info) => {
  const text = "Shop of Ada;;\nfirst;second;third\nOrder number;Date;Amount\nA-1;2026-02-01;10,50\n\nA-2;2026-02-02;11,50\n";
  await open(page);
  await drop(page, [written(info, "odd.csv", text)]);
  await page.getByLabel("Currency where none is stated").fill("EUR");
  await page.getByLabel("Currency where none is stated").blur();
  await show(page, "check");
  await page.getByRole("button", { name: "Change how odd.csv is read" }).click();
  const line = (row: number) => page.getByRole("radio", { name: new RegExp(`^Line ${row} has the names`) });
  await expect(line(3)).toBeChecked();
  await expect(page.getByText("Header in line 3")).toBeVisible();
  // Physical lines: the blank line 5 is counted and not listed.
  expect((await cells(page.getByRole("group", { name: "First lines of the file" }).getByRole("table"))).map((row) => row[1])).toEqual(["1", "2", "3", "4", "6"]);

  await page.getByRole("cell", { name: "second", exact: true }).click();
  await expect(page.getByText("Header in line 2")).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Column of the file: Amount", exact: true }).locator("option", { hasText: "third" })).toHaveCount(1);
  await line(2).focus();
  await page.keyboard.press("ArrowDown");
  await expect(line(3)).toBeChecked();
  await expect(line(3)).toBeFocused();
  await expect(page.getByText("Header in line 3")).toBeVisible();
  await expect(field(page, "amount")).toContainText(/10,50\s*→\s*EUR\s10\.50/);
});

test("the skipped rows are handed out with their reasons, in the language of the page", async ({ page }, info) => {
  const rows = ["order number,date,amount,currency,note", "A-1,2026-02-01,10.00,USD,", "A-2,2026-02-02,12.345,USD,", '=1+1,31/02/2026,11.00,USD,"a, b"', ""];
  await open(page);
  await check(page, written(info, "orders.csv", rows.join("\n")));
  await expect(page.getByText("4 rows read: 1 used, 1 header or other structure, 2 skipped")).toBeVisible();
  const download = await save(page, "Download the 2 skipped rows with reasons");
  expect(download.suggestedFilename()).toBe("orders-skipped-rows.csv");
  expect(readFileSync(await download.path(), "utf8").split("\r\n")).toEqual([
    "\uFEFFFile,Line,Reason,Row in the file",
    expect.stringMatching(/^orders\.csv,3,"?Column amount: “12\.345” has 3 decimals.*,"A-2,2026-02-02,12\.345,USD,"$/),
    expect.stringMatching(/^orders\.csv,4,"?Column date: “31\/02\/2026” is not a date.*,"'=1\+1,31\/02\/2026,11\.00,USD,""a, b"""$/),
    "",
  ]);
  await page.getByRole("button", { name: "简体中文" }).click();
  const chinese = await save(page, "下载跳过的 2 行及原因");
  expect(chinese.suggestedFilename()).toBe("orders-跳过的行.csv");
  expect(readFileSync(await chinese.path(), "utf8")).toContain("\uFEFF文件,行,原因,文件中的原行\r\norders.csv,3,列 amount：“12.345”有 3 位小数");
});

test("a block from a spreadsheet is a file, pasted anywhere or into the box", async ({ page }) => {
  const block = "order number\tdate\tamount\tcurrency\nA-1\t2026-02-01\t10.00\tUSD\n";
  await open(page);
  const paste = (text: string) => page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, composed: true }));
  }, text);
  await paste("just a word");
  await paste(block);
  const first = page.getByRole("article", { name: /^Pasted \d\d:\d\d$/ });
  await expect(first).toBeVisible();
  await expect(first.getByRole("combobox")).toHaveValue("orders");

  await page.getByRole("button", { name: "Paste from a spreadsheet" }).click();
  const box = page.getByRole("dialog", { name: "Paste from a spreadsheet" });
  await box.getByRole("textbox").fill("hello");
  await box.getByRole("button", { name: "Add as a file" }).click();
  await expect(box.getByRole("alert")).toContainText("This is no table");
  await box.getByRole("textbox").fill(block.replace("A-1", "A-2"));
  await box.getByRole("button", { name: "Add as a file" }).click();
  await expect(box).toBeHidden();
  await expect(page.getByRole("article")).toHaveCount(2);
  await reconcile(page);
  await expect(page.getByText(/^Expected USD\s20\.00/)).toBeVisible();
});

test("a folder is dropped or chosen with all that is in it", async ({ page }, info) => {
  const folder = info.outputPath("may");
  mkdirSync(`${folder}/deeper`, { recursive: true });
  writeFileSync(`${folder}/orders.csv`, "order number,date,amount,currency\nA-1,2026-02-01,10.00,USD\n");
  writeFileSync(`${folder}/deeper/psp.csv`, LINES);
  writeFileSync(`${folder}/.hidden.csv`, "x");
  await open(page);
  const box = await page.locator(".drop").boundingBox();
  if (!box) throw new Error("there is a place to drop files on");
  const at = { x: box.x + 20, y: box.y + 20, data: { items: [], files: [folder], dragOperationsMask: 1 } };
  const devtools = await page.context().newCDPSession(page);
  for (const type of ["dragEnter", "dragOver", "drop"] as const) await devtools.send("Input.dispatchDragEvent", { type, ...at });
  await expect(page.getByRole("article")).toHaveCount(2);
  await expect(page.getByRole("article", { name: "psp.csv" })).toBeVisible();

  await page.getByRole("button", { name: "Remove all files" }).click();
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Choose a folder" }).click()]);
  await chooser.setFiles(folder);
  await expect(page.getByRole("article")).toHaveCount(2);
  await expect(page.getByRole("article", { name: "orders.csv" })).toBeVisible();
});

/** A day's statement of a made-up bank, in the structure of MT940. */
const STATEMENT = [
  "", ":20:STMT0001", ":25:DE00BANK0000000000000001", ":28C:42/1", ":60F:C260301EUR1000,00",
  ":61:2603020302C920,70NTRFPO-77//BK1", ":86:Payout PO-77 of the payment provider",
  ":61:2603030303D20,00NMSCNONREF//BK2", ":86:Account fee", ":62F:C260303EUR1900,70", "-", "",
].join("\r\n");

test("a bank statement beside a payout report: both are recognised, counted and proven", async ({ page }, info) => {
  await open(page);
  await drop(page, [
    written(info, "statement.sta", STATEMENT),
    written(info, "payouts.csv", "Payout Date,Status,Charges,Refunds,Adjustments,Reserved Funds,Fees,Retried Amount,Total,Currency,Bank Reference\n2026-03-02,paid,1000.00,-50.00,0.00,0.00,29.30,0.00,920.70,EUR,PO-77\n"),
  ]);
  const bank = page.getByRole("article", { name: "statement.sta" });
  await expect(bank).toContainText("Recognised: SWIFT MT940 statement");
  await expect(bank.getByRole("combobox")).toHaveValue("bank");
  await expect(page.getByRole("article", { name: "payouts.csv" }).getByRole("combobox")).toHaveValue("settlement");
  await show(page, "check");
  await expect(page.getByText(/ rows read: 2 used/)).toBeVisible();
  const totals = page.getByRole("group", { name: "Totals that the file states" }).first();
  await expect(totals).toContainText("1,900.70");
  await expect(totals.getByText("Agrees").first()).toBeVisible();
  await expect(page.getByText("Differs")).toHaveCount(0);
  await expect(page.getByRole("status").filter({ hasText: "No open questions" })).toBeVisible();
  await page.getByRole("button", { name: "Reconcile", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Summary" })).toBeVisible({ timeout: 30_000 });
  await show(page, "exceptions");
  await expect(page.getByRole("grid")).toContainText("statement.sta");
});

test("a table that nobody knows is said to be one, and its columns are named", async ({ page }, info) => {
  await open(page);
  await drop(page, [written(info, "odd.csv", "foo;bar;baz\nA-1;2026-02-01;10,50\nA-2;2026-02-02;11,50\n")]);
  await page.getByRole("group", { name: "What is odd.csv?" }).getByRole("button", { name: "Orders" }).click();
  await expect(page.locator("cf-check h1")).toBeVisible();
  for (const [name, column] of [["Order number", "foo"], ["Date and time", "bar"], ["Amount", "baz"]] as const) {
    const select = page.getByRole("combobox", { name: `Column of the file: ${name}`, exact: true });
    await select.selectOption(column);
    await expect(page.getByRole("combobox", { name: `Column of the file: ${name}`, exact: true })).toBeFocused();
  }
  await question(page, "In which currency are the amounts?").getByRole("button", { name: "KES" }).click();
  await expect(field(page, "amount")).toContainText(/10,50\s*→\s*KES\s10\.50/);
  await expect(page.getByText("No open questions")).toBeVisible();
  await page.getByRole("button", { name: "Reconcile", exact: true }).click();
  await expect(page.getByText(/^Expected KES\s22\.00/)).toBeVisible({ timeout: 30_000 });
  // The next file with these columns is known.
  await page.reload();
  await drop(page, [written(info, "odd-2.csv", "foo;bar;baz\nA-3;2026-03-01;1,50\n")]);
  await expect(page.getByRole("article", { name: "odd-2.csv" })).toContainText("your mapping of");
  await expect(page.getByRole("article", { name: "odd-2.csv" }).getByRole("combobox")).toHaveValue("orders");
});

test("a file that cannot be read is named, and the others are shown all the same", async ({ page }, info) => {
  await open(page);
  await drop(page, [
    written(info, "good.csv", "order number,date,amount,currency\nA-1,2026-02-01,10.00,USD\n"),
    written(info, "bad.csv", "foo,bar\nA-1,2\n"),
    written(info, "cut.json", '[{"id":"1","amount":"5.00","currency":"USD"},'),
  ]);
  await page.getByRole("article", { name: "bad.csv" }).getByRole("combobox").selectOption("settlement");
  await page.getByRole("article", { name: "cut.json" }).getByRole("combobox").selectOption("settlement");
  await show(page, "check");
  const card = (name: string) => page.locator(`details[data-file="${name}"]`);
  await expect(card("cut.json").getByText("Cannot be read")).toBeVisible();
  await expect(card("cut.json").getByRole("alert")).toContainText("What to do:");
  await expect(card("bad.csv").getByText("Say what its columns are")).toBeVisible();
  await expect(card("bad.csv").getByRole("radio").first()).toBeVisible();
  await expect(card("good.csv").getByText("2 rows read: 1 used")).toBeVisible();
});
