// The measured page: our pipeline in its worker, and PapaParse with a Map in a worker of its own.
// Both start from the same File objects; starting a worker and loading code is not timed.
import { createReconciler } from "./dist/index.js";

/** @type {PerformanceEntry[]} */
const longTasks = [];
new PerformanceObserver((list) => longTasks.push(...list.getEntries())).observe({ type: "longtask" });

/** @param {string} name */
function file(name) {
  const input = /** @type {HTMLInputElement} */ (document.querySelector("#files"));
  const found = [...(input.files ?? [])].find((file) => file.name === name);
  if (!found) throw new Error(`no file ${name}`);
  return found;
}

async function loaded() {
  const reconciler = await createReconciler();
  await reconciler.addSource(file("orders.csv"), { side: "orders" });
  await reconciler.addSource(file("mfs.csv"), { side: "settlement" });
  return reconciler;
}

/** The rules under which rows without a reference are assigned. */
const OPEN_RULES = '[tolerance]\nabsolute = { KES = "0.25" }\n[without_reference]\nmatch = "automatic"\n';

/** From bytes to the first page of a run. */
const ours = () => timed("orders.csv", "mfs.csv", {});

/** The same for rows without a reference, each with some fifty candidates. */
const open = () => timed("open-orders.csv", "open-lines.csv", { rules: OPEN_RULES });

/**
 * @param {string} orders @param {string} lines
 * @param {import("../sdk/index.ts").ReconcileConfig} config
 */
async function timed(orders, lines, config) {
  const reconciler = await createReconciler();
  longTasks.length = 0;
  /** @type {Record<string, number>} */
  const phases = {};
  let events = 0;
  const started = performance.now();
  await reconciler.addSource(file(orders), { side: "orders" });
  await reconciler.addSource(file(lines), { side: "settlement" });
  let since = performance.now();
  let phase = "reading";
  const turn = (/** @type {string} */ next) => {
    const now = performance.now();
    phases[phase] = (phases[phase] ?? 0) + now - since;
    [phase, since] = [next, now];
  };
  const onProgress = (/** @type {{ phase: string }} */ progress) => {
    events += 1;
    if (progress.phase !== phase) turn(progress.phase);
  };
  const run = await reconciler.reconcile(config, { onProgress });
  turn("paging");
  await run.page("matches", { limit: 100 });
  turn("done");
  const milliseconds = performance.now() - started;
  const { counts, memory_bytes, proof } = run.summary;
  await reconciler.dispose();
  const longestTask = Math.max(0, ...longTasks.map((task) => task.duration));
  return { milliseconds, phases, events, counts, memory_bytes, balanced: proof.balanced, longestTask };
}

/**
 * How long the worker reads one file into entries; what follows is cancelled.
 * @param {string} name @returns {Promise<number>}
 */
async function read(name) {
  const reconciler = await createReconciler();
  const controller = new AbortController();
  const started = performance.now();
  let milliseconds = 0;
  const onProgress = (/** @type {{ phase: string }} */ progress) => {
    if (progress.phase === "reading" || milliseconds > 0) return;
    milliseconds = performance.now() - started;
    controller.abort();
  };
  try {
    await reconciler.addSource(file(name), { side: "settlement" });
    await reconciler.reconcile({}, { signal: controller.signal, onProgress });
  } catch (thrown) {
    if (milliseconds === 0) throw thrown;
  } finally {
    await reconciler.dispose();
  }
  return milliseconds;
}

/** How long a cancel takes that comes `after` milliseconds into the run. @param {number} after */
async function cancel(after) {
  const reconciler = await loaded();
  const controller = new AbortController();
  let aborted = 0;
  const timer = setTimeout(() => {
    aborted = performance.now();
    controller.abort();
  }, after);
  try {
    await reconciler.reconcile({}, { signal: controller.signal });
    clearTimeout(timer);
    return null;
  } catch {
    // The promise rejects at once; the worker has answered when it takes the next call.
    const rejected = performance.now() - aborted;
    await reconciler.profiles();
    return { rejected, answered: performance.now() - aborted };
  } finally {
    await reconciler.dispose();
  }
}

/** The bare join. @returns {Promise<{ milliseconds: number, matched: number }>} */
function papa() {
  return new Promise((resolve, reject) => {
    const worker = new Worker("papa-worker.js");
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }) => {
      if (data === "ready") return worker.postMessage([file("orders.csv"), file("mfs.csv")]);
      worker.terminate();
      resolve(data);
    };
  });
}

Object.assign(globalThis, { bench: { ours, open, read, cancel, papa } });
