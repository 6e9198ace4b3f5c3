/** Decides when the engine starts: with the first call that needs it, and again after a crash. */
import type { Reconciler } from "../sdk/types.ts";

let opened: Promise<Reconciler> | undefined;

/** The one engine of this page, in its worker. */
export function engine(): Promise<Reconciler> {
  opened ??= open();
  return opened;
}

/** Forgets an engine that crashed or could not load; the next call starts another. */
export function forgetEngine(): void {
  const old = opened;
  opened = undefined;
  void old?.then((reconciler) => reconciler.dispose()).catch(() => undefined);
}

async function open(): Promise<Reconciler> {
  // The engine is a module of its own, so that the page is drawn before its bytes are decoded.
  const { createReconciler } = await import("../sdk/inline.ts");
  return createReconciler();
}

/** Loads the screens that nobody sees first. */
export async function loadScreens(): Promise<void> {
  await import("./screens/later.ts");
}

/** Loads the script with the heavy readers, so that nothing is requested when a file needs them. */
export async function loadReaders(): Promise<void> {
  const { readers } = await import("../sdk/inline.ts");
  await readers();
}
