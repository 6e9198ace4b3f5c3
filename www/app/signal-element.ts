/** Decides when a component draws again: whenever a signal that its last drawing read has changed. */
import { effect } from "@preact/signals-core";
import { LitElement } from "lit";

export class SignalElement extends LitElement {
  #dispose: (() => void) | undefined;

  protected override performUpdate(): void {
    if (!this.isUpdatePending) return;
    this.#dispose?.();
    let drawing = true;
    this.#dispose = effect(() => {
      if (drawing) {
        drawing = false;
        super.performUpdate();
      } else {
        this.requestUpdate();
      }
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // A component that was taken out and put back has lost its subscription.
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#dispose?.();
    this.#dispose = undefined;
  }
}

/** Registers a component once, also when two builds of the page meet in one document. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}
