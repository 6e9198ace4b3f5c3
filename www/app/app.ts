/** The frame of the workbench: top bar, the way through the screens, and the screen itself. */
import { css, html, nothing } from "lit";
import { SignalElement, define } from "./signal-element.ts";
import { LOCALES, count, locale, setLocale, t } from "./i18n.ts";
import { icon, mark } from "./icons.ts";
import { SCREENS, SCREEN_ICONS, screen, show, type Screen } from "./screens.ts";
import { announcement, crash, exceptionCount, files, matchCount, phase, sources } from "./store/store.ts";
import { cycleTheme, theme } from "./theme.ts";
import { base } from "./styles/base.ts";
import "./components/error-note.ts";
import "./components/work-progress.ts";
import "./screens/files.ts";

export class CfApp extends SignalElement {
  static override styles = [
    base,
    css`
      :host { display: grid; min-block-size: 100dvh; grid-template: auto 1fr / 208px minmax(0, 1fr); grid-template-areas: "top top" "rail main"; }
      .top {
        grid-area: top; position: sticky; inset-block-start: 0; z-index: 10; display: flex; align-items: center; gap: 12px;
        block-size: 56px; padding: 0 20px; background: var(--cf-surface); border-block-end: 1px solid var(--cf-border);
      }
      .brand { display: flex; align-items: center; gap: 10px; font-size: 17px; font-weight: 600; letter-spacing: -0.01em; }
      .gap { flex: 1; }
      .local { color: var(--cf-ok); background: transparent; border-color: transparent; font-weight: 500; padding: 0 8px; font-size: 13px; }
      .local:hover { background: var(--cf-ok-soft); }
      .languages { display: flex; border: 1px solid var(--cf-border-strong); border-radius: 6px; overflow: clip; }
      .languages button { border: 0; border-radius: 0; min-block-size: 32px; padding: 0 10px; font-size: 13px; font-weight: 400; }
      .languages button:focus-visible { outline-offset: -3px; }
      .languages button[aria-pressed="true"] { background: var(--cf-accent-soft); color: var(--cf-accent); font-weight: 600; }
      .skip { position: absolute; inset-inline-start: 12px; inset-block-start: -60px; z-index: 20; background: var(--cf-surface); }
      .skip:focus { inset-block-start: 10px; }

      .rail { grid-area: rail; padding: 16px 12px; border-inline-end: 1px solid var(--cf-border); background: var(--cf-surface); }
      .rail ol { position: sticky; inset-block-start: 72px; display: grid; gap: 2px; }
      .rail a, .rail .off {
        display: flex; align-items: center; gap: 12px; min-block-size: 40px; padding: 0 12px; border-radius: 6px;
        color: var(--cf-text); text-decoration: none; font-weight: 500;
      }
      .rail a:hover { background: var(--cf-sunken); }
      .rail a[aria-current] { background: var(--cf-accent-soft); color: var(--cf-accent); }
      .rail .off { color: var(--cf-muted); }
      .rail .n { margin-inline-start: auto; font-size: 12px; font-weight: 500; color: var(--cf-muted); }
      .rail a[aria-current] .n { color: inherit; }

      main { grid-area: main; min-inline-size: 0; padding: 28px 32px 40px; container: main / inline-size; }
      main:focus-visible { outline: none; }

      .crash { max-inline-size: 960px; margin: 0 auto 16px; }
      dialog { max-inline-size: min(560px, calc(100vw - 32px)); padding: 24px; border: 1px solid var(--cf-border); border-radius: 12px; background: var(--cf-surface); color: var(--cf-text); }
      dialog::backdrop { background: rgb(10 20 20 / 0.45); }
      dialog li { padding-inline-start: 28px; position: relative; }
      dialog li svg { position: absolute; inset-inline-start: 0; inset-block-start: 0; color: var(--cf-ok); }

      @media print {
        :host { display: block; }
        .top, .rail { display: none; }
        main { padding: 0; }
      }
      @media (max-width: 860px) {
        :host { grid-template: auto 1fr / minmax(0, 1fr); grid-template-areas: "top" "main"; }
        main { padding: 20px 16px 96px; }
        .top { padding: 0 12px; gap: 6px; }
        .local span, .theme-word { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
        .rail { position: fixed; inset: auto 0 0; z-index: 10; block-size: auto; padding: 4px 4px calc(4px + env(safe-area-inset-bottom)); border: 0; border-block-start: 1px solid var(--cf-border); }
        .rail ol { position: static; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 0; }
        .rail a, .rail .off { flex-direction: column; justify-content: center; gap: 2px; min-block-size: 52px; padding: 0 2px; font-size: 11px; line-height: 1.2; text-align: center; }
        .rail .n { display: none; }
      }
    `,
  ];

  protected override render() {
    return html`
      <button class="skip" @click=${this.#skip}>${t("skip-to-content")}</button>
      ${this.#top()} ${this.#rail()}
      <main id="main" tabindex="-1">
        ${crash.value ? html`<cf-error-note class="crash" dismissable .error=${crash.value} @cf-dismiss=${this.#dismiss}></cf-error-note>` : nothing}
        ${phase.value === "working" && screen.value !== "files" ? html`<cf-work-progress></cf-work-progress>` : nothing}
        ${screenFor(screen.value)}
      </main>
      <div class="visually-hidden" role="status" aria-live="polite">${announcement.value}</div>
      ${this.#promise()}
    `;
  }

  #top() {
    return html`<header class="top">
      <span class="brand">${mark()} Crossfoot</span>
      <span class="gap"></span>
      <button class="local" @click=${this.#openPromise}>${icon("lock", 18)}<span>${t("local-only")}</span></button>
      <div class="languages" role="group" aria-label=${t("language")}>
        ${LOCALES.map(
          ({ code, name }) => html`<button lang=${code} aria-pressed=${locale.value === code ? "true" : "false"}
            @click=${() => setLocale(code)}>${name}</button>`,
        )}
      </div>
      <button class="icon quiet" title=${t(`theme-${theme.value}`)} aria-label=${t(`theme-${theme.value}`)} @click=${cycleTheme}>
        ${icon(theme.value === "auto" ? "auto" : theme.value === "light" ? "sun" : "moon")}
      </button>
    </header>`;
  }

  #rail() {
    return html`<nav class="rail" aria-label=${t("steps")}>
      <ol>
        ${SCREENS.map((name) => html`<li>${this.#link(name)}</li>`)}
      </ol>
    </nav>`;
  }

  #link(name: Screen) {
    const inside = html`${icon(SCREEN_ICONS[name])}<span>${t(`screen-${name}`)}</span>`;
    if (!isOpen(name)) return html`<span class="off" aria-disabled="true" role="link" title=${t(`closed-${name}`)}>${inside}</span>`;
    const n = badge(name);
    return html`<a href="#${name}" aria-current=${screen.value === name ? "page" : nothing} @click=${(event: Event) => {
      event.preventDefault();
      show(name);
    }}>${inside}${n === undefined ? nothing : html`<span class="n">${count(n)}</span>`}</a>`;
  }

  #promise() {
    return html`<dialog aria-labelledby="promise-title">
      <div class="stack">
        <h2 id="promise-title">${t("promise-title")}</h2>
        <p>${t("promise-text")}</p>
        <ul class="stack">
          ${["promise-policy", "promise-network", "promise-offline"].map((key) => html`<li>${icon("tick")}${t(key)}</li>`)}
        </ul>
        <p class="muted small">${t("promise-limits")}</p>
        <div><button class="primary" @click=${this.#closePromise}>${t("close")}</button></div>
      </div>
    </dialog>`;
  }

  readonly #dismiss = (): void => {
    crash.value = undefined;
  };
  readonly #openPromise = (): void => this.renderRoot.querySelector("dialog")?.showModal();
  readonly #closePromise = (): void => this.renderRoot.querySelector("dialog")?.close();
  readonly #skip = (): void => this.renderRoot.querySelector("main")?.focus();
}

/** A screen opens once there is something to show on it. */
function isOpen(name: Screen): boolean {
  if (name === "files") return true;
  if (name === "check") return sources.value.length > 0;
  return phase.value === "done";
}

function badge(name: Screen): number | undefined {
  if (name === "files" && files.value.length > 0) return files.value.length;
  if (name === "matches") return matchCount.value;
  if (name === "exceptions") return exceptionCount.value;
  return undefined;
}

function screenFor(name: Screen) {
  switch (isOpen(name) ? name : "files") {
    case "files": return html`<cf-files></cf-files>`;
    case "check": return html`<cf-check></cf-check>`;
    case "summary": return html`<cf-summary></cf-summary>`;
    case "matches": return html`<cf-matches></cf-matches>`;
    case "exceptions": return html`<cf-exceptions></cf-exceptions>`;
    case "export": return html`<cf-export></cf-export>`;
  }
}

define("cf-app", CfApp);
