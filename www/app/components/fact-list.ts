/** Decides how the engine's open-ended records (facts, evidence, candidates) are shown: as named values. */
import { html, nothing, type TemplateResult } from "lit";
import { isNegative, showAmount, showMoney, type MoneyValue } from "../money.ts";
import { t } from "../i18n.ts";
import { factName, instant, kindName } from "../words.ts";

const DECIMAL = /^-?\d+\.\d+$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** The values of a record as a definition list, without the keys that are shown elsewhere. */
export function factList(record: Readonly<Record<string, unknown>>, hidden: readonly string[]): TemplateResult | typeof nothing {
  const shown = Object.entries(record).filter(([key, value]) => !hidden.includes(key) && value !== undefined && value !== null);
  if (shown.length === 0) return nothing;
  return html`<dl class="facts">${shown.map(([key, value]) => html`<dt>${factName(key)}</dt><dd>${factValue(key, value)}</dd>`)}</dl>`;
}

function factValue(key: string, value: unknown): TemplateResult | string {
  if (isMoney(value)) return money(value);
  if (Array.isArray(value)) return html`${value.map((item, index) => html`${index > 0 ? ", " : nothing}${factValue(key, item)}`)}`;
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (typeof value === "string") return html`<bdi>${text(key, value)}</bdi>`;
  if (typeof value === "object" && value !== null) return factList(value as Record<string, unknown>, []) as TemplateResult;
  return String(value);
}

function text(key: string, value: string): string {
  if (key === "kind") return kindName(value);
  if (INSTANT.test(value)) return instant(value);
  return DECIMAL.test(value) ? showAmount(value) : value;
}

/** Money with its currency code, a sign of U+2212, and red only beside a minus. */
export function money(value: MoneyValue, options: { sign?: boolean } = {}): TemplateResult {
  return html`<bdi class=${isNegative(value.amount) ? "nowrap neg" : "nowrap"}>${showMoney(value, options)}</bdi>`;
}

/** An amount alone, for columns whose head or row names the currency. */
export function amount(value: string, options: { sign?: boolean } = {}): TemplateResult {
  return html`<span class=${isNegative(value) ? "nowrap neg" : "nowrap"}>${showAmount(value, options)}</span>`;
}

function isMoney(value: unknown): value is MoneyValue {
  return typeof value === "object" && value !== null && "amount" in value && "currency" in value && typeof value.amount === "string";
}
