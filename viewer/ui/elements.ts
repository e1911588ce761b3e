// The elements of index.html that code uses: one table of their ids and kinds, checked once when the page starts.

/** Kind of each element by its id, in the order of the page. */
export const ELEMENTS = {
  run: "select",
  "run-summary": "p",
  connection: "p",
  "help-open": "button",
  "episode-head": "div",
  "episode-count": "span",
  follow: "input",
  filter: "fieldset",
  find: "div",
  order: "select",
  seed: "input",
  episodes: "ol",
  "no-episodes": "p",
  banner: "p",
  "compare-bar": "section",
  compared: "ol",
  layout: "fieldset",
  "divergence-text": "p",
  divergence: "button",
  "compare-note": "p",
  "compare-end": "button",
  stage: "div",
  canvas: "canvas",
  "tile-names": "ol",
  "stage-notes": "div",
  badge: "p",
  "joint-warning": "p",
  "stage-legend": "div",
  "force-scale": "p",
  "capture-note": "p",
  "view-options": "div",
  show: "details",
  "show-path": "input",
  "show-forces": "input",
  "show-command": "input",
  "show-areas": "input",
  "show-workspace": "input",
  "show-axes": "input",
  "show-cameras": "input",
  view: "select",
  "follow-tool": "input",
  "reset-view": "button",
  picture: "button",
  record: "button",
  message: "p",
  loading: "p",
  "loading-text": "span",
  "loading-bar": "progress",
  controls: "div",
  time: "div",
  "divergence-tick": "i",
  scrub: "input",
  back: "button",
  play: "button",
  forward: "button",
  clock: "output",
  zoom: "span",
  "zoom-note": "span",
  "zoom-end": "button",
  speed: "select",
  loop: "input",
  continue: "button",
  "tab-episode": "button",
  "tab-policy": "button",
  "tab-live": "button",
  "tab-training": "button",
  "tab-compare": "button",
  plots: "section",
  drawn: "p",
  "episode-plots": "div",
  insight: "section",
  live: "section",
  training: "section",
  "live-training": "div",
  "live-run": "span",
  stop: "button",
  "overlay-runs": "details",
  "overlay-note": "p",
  "overlay-list": "div",
  "no-training": "p",
  "training-plots": "div",
  "fit-validation": "div",
  "fit-metrics": "p",
  "fit-confusion": "section",
  "fit-confusion-table": "table",
  "fit-pairs": "div",
  "fit-worst": "section",
  "fit-worst-list": "ol",
  compare: "section",
  "policy-a": "select",
  "policy-b": "select",
  "outcome-summary": "p",
  outcomes: "table",
  "outcome-rows": "tbody",
  leave: "dialog",
  "leave-title": "h2",
  "leave-text": "p",
  help: "dialog",
  "help-title": "h2",
  "help-close": "button",
} as const satisfies Readonly<Record<string, keyof HTMLElementTagNameMap>>;

/** Id of an element of the page. */
export type ElementId = keyof typeof ELEMENTS;

/** Return an element of the page. */
export function element<Id extends ElementId>(id: Id): HTMLElementTagNameMap[(typeof ELEMENTS)[Id]] {
  return document.getElementById(id) as HTMLElementTagNameMap[(typeof ELEMENTS)[Id]];
}

/** Show `text` in an element, or hide the element. */
export function showText(id: ElementId, text: string | undefined): void {
  const line = element(id);
  line.hidden = text === undefined;
  line.textContent = text ?? "";
}

/** Throw an error that lists all elements which the page lacks or has of another kind; `kindOf` returns the kind by id. */
export function checkElements(kindOf: (id: string) => string | undefined): void {
  const faults = Object.entries(ELEMENTS).flatMap(([id, kind]) => {
    const found = kindOf(id);
    if (found === kind) return [];
    return [found === undefined ? `<${kind} id="${id}"> is missing` : `"${id}" is <${found}>, not <${kind}>`];
  });
  if (faults.length === 0) return;
  throw new Error(
    `index.html does not match the table of elements in viewer/ui/elements.ts: ${faults.join("; ")}.`,
  );
}
