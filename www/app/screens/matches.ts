/** Every match as one row: the order's amount, what came for it, and what is left unexplained. */
import { define } from "../signal-element.ts";
import { count, t } from "../i18n.ts";
import { isNegative, isZero, showMoney, sum, type MoneyValue } from "../money.ts";
import type { Cell, Column } from "../grid/grid.ts";
import { codeTitle, ruleName } from "../words.ts";
import { ListScreen } from "./list-screen.ts";
import type { MatchRow } from "../../sdk/types.ts";

export class CfMatches extends ListScreen<"matches"> {
  protected readonly view = "matches";
  protected readonly cardHeight = 148;

  protected heading(): string {
    return t("matches-title");
  }

  protected lead(): string {
    return t("matches-lead");
  }

  protected label(total: number): string {
    return t("matches-label", { n: count(total) });
  }

  protected empty() {
    return { title: t("matches-empty"), hint: t("matches-empty-hint") };
  }

  protected makeColumns(): readonly Column<MatchRow>[] {
    return [
      { key: "reference", label: t("order"), width: 124, grow: 2, cell: ({ reference, orders }) => ({ text: reference ?? orders[0] ?? "" }) },
      { key: "expected", label: t("order-amount"), width: 138, grow: 1, align: "end", cell: ({ expected }) => moneyCell(expected) },
      { key: "received", label: t("settled-gross"), width: 138, grow: 1, align: "end", cell: ({ received }) => moneyCell(received) },
      { key: "fee", label: t("fee"), width: 124, grow: 1, from: 840, align: "end", cell: (row) => partCell(row, "fee") },
      { key: "net", label: t("net"), width: 138, grow: 1, from: 840, align: "end", cell: ({ net }) => moneyCell(net) },
      { key: "unexplained", label: t("unexplained"), width: 132, grow: 1, from: 560, align: "end", cell: (row) => partCell(row, "unexplained") },
      { key: "rule", label: t("how-matched"), width: 176, grow: 1, from: 1100, cell: ({ rule }) => ({ text: ruleName(rule), tone: "muted" }) },
      { key: "notes", label: t("notes"), width: 120, grow: 2, from: 660, chip: true, cell: notes },
    ];
  }
}

function moneyCell(value: MoneyValue): Cell {
  return { text: showMoney(value), tone: isNegative(value.amount) ? "neg" : undefined };
}

/** One part of the difference; a dash where there is none. */
function partCell({ difference }: MatchRow, part: string): Cell {
  const parts = difference.filter((one) => one.part === part && !isZero(one.amount));
  const [first] = parts;
  if (!first) return { text: "–", tone: "muted" };
  const same = parts.filter(({ currency }) => currency === first.currency).map(({ amount }) => amount);
  return moneyCell({ amount: sum(same), currency: first.currency });
}

function notes({ codes, exception }: MatchRow): Cell {
  const unique = [...new Set(codes)];
  return { text: unique.map(codeTitle).join(", "), tone: exception === undefined ? "info" : "bad" };
}

define("cf-matches", CfMatches);
