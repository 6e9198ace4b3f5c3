/** How money stands in a template: exact, with U+2212, red only beside a minus. */
import { html, type TemplateResult } from "lit";
import { isNegative, showAmount, showMoney, type MoneyValue } from "../money.ts";

/** Money with its currency code. */
export function money(value: MoneyValue, options: { sign?: boolean } = {}): TemplateResult {
  return html`<bdi class=${isNegative(value.amount) ? "nowrap neg" : "nowrap"}>${showMoney(value, options)}</bdi>`;
}

/** An amount alone, for columns whose head or row names the currency. */
export function amount(value: string, options: { sign?: boolean } = {}): TemplateResult {
  return html`<span class=${isNegative(value) ? "nowrap neg" : "nowrap"}>${showAmount(value, options)}</span>`;
}
