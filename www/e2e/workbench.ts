// How the tests use the page: as a person does, by labels and roles.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test, type Locator, type Page } from "@playwright/test";
import { accessLog, demo } from "./environment.ts";

/** The demo's files that a person would drop. */
export const DEMO_FILES = ["orders.csv", "mfs.csv", "fees.toml", "fx.csv"];

export const SCREENS = ["files", "check", "summary", "matches", "exceptions", "export"] as const;

/** What the tests compare with, of the document that the command wrote. */
export interface ResultDocument {
  readonly as_of: string;
  readonly timezone: string;
  readonly summary: {
    readonly per_currency: readonly {
      readonly currency: string;
      readonly expected: string;
      readonly received: string;
      readonly difference: string;
      readonly unexplained: string;
    }[];
    readonly counts: Readonly<Record<string, unknown>> & { readonly matches: number; readonly exceptions: number };
  };
  readonly sources: readonly { readonly file: string; readonly rows: Readonly<Record<"read" | "entries" | "structural" | "rejected", number>> }[];
  readonly exceptions: readonly { readonly code: string; readonly explanation: Readonly<Record<"en" | "zh-Hans", string>> }[];
  readonly proof: { readonly balanced: boolean; readonly result_sha256: string };
}

/** The bytes that the command wrote for the demo. */
export const resultBytes = (): Buffer => readFileSync(`${demo()}/result.json`);

export const result = (): ResultDocument => JSON.parse(resultBytes().toString("utf8")) as ResultDocument;

export const demoPath = (name: string): string => `${demo()}/${name}`;

/** Requests that have reached the server so far. */
export const requests = (): string[] => readFileSync(accessLog(), "utf8").split("\n").filter((line) => line !== "");

/** Opens the page and fails the test on anything that the browser complains of. */
export async function open(page: Page): Promise<void> {
  page.on("console", (message) => {
    if (message.type() === "error") expect.soft(message.text(), "an error on the console").toBe("");
  });
  page.on("pageerror", (error) => expect.soft(error.message, "an uncaught error").toBe(""));
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
}

/** Lets files fall on the drop zone, as the browser tells it. */
export async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const files = paths.map((path) => ({ name: basename(path), base64: readFileSync(path).toString("base64") }));
  const transfer = await page.evaluateHandle((dropped) => {
    const data = new DataTransfer();
    for (const { name, base64 } of dropped) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      data.items.add(new File([bytes], name));
    }
    return data;
  }, files);
  await page.locator(".drop").dispatchEvent("drop", { dataTransfer: transfer });
}

/** Sets the dates as the command's run has them. */
export async function setDates(page: Page, { as_of, timezone }: ResultDocument): Promise<void> {
  await page.getByLabel("As of").fill(as_of);
  await page.getByLabel("As of").blur();
  await page.getByLabel("Time zone").fill(timezone);
  await page.getByLabel("Time zone").blur();
}

export async function reconcile(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Reconcile", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Summary" })).toBeVisible({ timeout: 30_000 });
}

/** Goes through the whole demo up to its summary. */
export async function reconcileDemo(page: Page): Promise<void> {
  await open(page);
  await drop(page, DEMO_FILES.map(demoPath));
  await expect(page.getByRole("article")).toHaveCount(DEMO_FILES.length);
  await setDates(page, result());
  await reconcile(page);
}

/** Goes through the sample up to its summary. */
export async function reconcileSample(page: Page): Promise<void> {
  await open(page);
  await page.getByRole("button", { name: "Try with sample data" }).click();
  await reconcile(page);
}

export async function show(page: Page, screen: (typeof SCREENS)[number]): Promise<void> {
  await page.locator(`nav a[href="#${screen}"]`).click();
  await expect(page.locator(`cf-${screen} h1`)).toBeVisible();
}

/** Texts of a table's body, cell by cell. */
export async function cells(table: Locator): Promise<string[][]> {
  const rows = await table.locator("tbody tr").all();
  return Promise.all(rows.map(async (row) => (await row.locator("th, td").allInnerTexts()).map((text) => text.trim())));
}

/** "-1234.50" as the page shows it. */
export function shown(amount: string): string {
  const [whole = "", fraction] = amount.replace("-", "").split(".");
  const digits = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",") + (fraction === undefined ? "" : `.${fraction}`);
  return (amount.startsWith("-") ? "\u2212" : "") + digits;
}

/** A sentence with its figures as the engine wrote them. */
export function asWritten(sentence: string): string {
  return sentence.replaceAll("\u00a0", " ").replaceAll("\u2212", "-").replace(/(?<=\d),(?=\d{3})/g, "");
}

export { expect, test };
