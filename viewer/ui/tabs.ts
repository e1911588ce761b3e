// The panels beside the scene, one at a time.
import { chooseTab } from "../state/panel-actions.js";
import type { Store } from "../state/store.js";
import { TABS, type TabName, type ViewerState } from "../state/viewer-state.js";
import { type ElementId, element } from "./elements.js";

/** Element of each panel. */
const PANELS = {
  episode: "plots",
  policy: "insight",
  live: "live",
  training: "training",
  compare: "compare",
} as const satisfies Readonly<Record<TabName, ElementId>>;

/** Show the panel of the tab that the state names; clicks and arrow keys choose another. */
export function bindTabs(store: Store<ViewerState>): void {
  for (const [index, name] of TABS.entries()) {
    const tab = element(`tab-${name}`);
    tab.addEventListener("click", () => store.update(chooseTab, name));
    tab.addEventListener("keydown", ({ key }) => {
      if (!key.startsWith("Arrow")) return;
      const move = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
      const next = TABS.at((index + move) % TABS.length)!;
      store.update(chooseTab, next);
      element(`tab-${next}`).focus();
    });
  }
  store.watch(
    ({ tab }) => tab,
    (shown) => {
      for (const name of TABS) {
        const tab = element(`tab-${name}`);
        tab.setAttribute("aria-selected", String(name === shown));
        tab.tabIndex = name === shown ? 0 : -1;
        element(PANELS[name]).hidden = name !== shown;
      }
    },
  );
}
