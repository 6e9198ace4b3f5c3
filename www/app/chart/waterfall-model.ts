/** Decides the bars of the walk from expected to received: where each starts and ends, and where the axis begins. */
import { toDrawing } from "../money.ts";

/** One signed step of the walk, in the engine's order. */
export interface Step {
  readonly part: string;
  readonly amount: string;
}

export interface Walk {
  readonly currency: string;
  readonly expected: string;
  readonly received: string;
  readonly explained: readonly Step[];
  readonly unexplained: string;
}

export type BarKind = "total" | "up" | "down" | "open";

export interface Bar {
  readonly part: string;
  readonly amount: string;
  readonly kind: BarKind;
  /** Both ends on the money axis. */
  readonly from: number;
  readonly to: number;
  /** The running total after this bar. */
  readonly level: number;
}

export interface Waterfall {
  readonly bars: readonly Bar[];
  readonly low: number;
  readonly high: number;
  /** The axis starts above zero, so that small parts can be seen; totals are then drawn as broken bars. */
  readonly broken: boolean;
}

/** Totals whose steps are smaller than this share of them get a broken axis. */
const BROKEN_BELOW = 0.35;
const MARGIN = 0.12;

export function waterfall(walk: Walk): Waterfall {
  const bars: Bar[] = [];
  let level = toDrawing(walk.expected);
  bars.push({ part: "expected", amount: walk.expected, kind: "total", from: 0, to: level, level });
  const steps = [...walk.explained, { part: "unexplained", amount: walk.unexplained }];
  for (const { part, amount } of steps) {
    const size = toDrawing(amount);
    const kind: BarKind = part === "unexplained" ? "open" : size < 0 ? "down" : "up";
    bars.push({ part, amount, kind, from: level, to: level + size, level: level + size });
    level += size;
  }
  const received = toDrawing(walk.received);
  bars.push({ part: "received", amount: walk.received, kind: "total", from: 0, to: received, level: received });
  return { bars, ...axis(bars) };
}

function axis(bars: readonly Bar[]): { low: number; high: number; broken: boolean } {
  const ends = bars.flatMap((bar) => (bar.kind === "total" ? [bar.to] : [bar.from, bar.to]));
  const least = Math.min(...ends);
  const most = Math.max(...ends);
  const range = most - least;
  const farthest = Math.max(Math.abs(least), Math.abs(most));
  if (farthest === 0) return { low: 0, high: 1, broken: false };
  if (least > 0 && range < BROKEN_BELOW * most) {
    const pad = range === 0 ? most * 0.5 : range * 0.6;
    return { low: Math.max(0, least - pad), high: most + range * MARGIN, broken: least - pad > 0 };
  }
  return { low: Math.min(0, least), high: Math.max(0, most), broken: false };
}

/** Where an amount stands on an axis of the given width, px. */
export function place(chart: Waterfall, width: number, amount: number): number {
  const span = chart.high - chart.low;
  const clamped = Math.min(Math.max(amount, chart.low), chart.high);
  return span === 0 ? 0 : ((clamped - chart.low) / span) * width;
}
