// The panels beside the scene, one at a time.
import { element } from "./page.js";

type TabName = "episode" | "insight" | "live" | "training";

/** Switches panels by their tabs, and by itself until the user has chosen. */
export class Tabs {
  private readonly panels: Readonly<Record<TabName, string>>;
  private chosen = false;

  /** Ids of the panels; those of the tabs are "tab-" and the name. */
  constructor(panels: Readonly<Record<TabName, string>>) {
    this.panels = panels;
    for (const name of Object.keys(panels) as TabName[]) {
      element(`tab-${name}`).addEventListener("click", () => {
        this.chosen = true;
        this.show(name);
      });
      element(`tab-${name}`).addEventListener("keydown", ({ key }) => {
        if (!key.startsWith("Arrow")) return;
        const names = Object.keys(panels);
        const step = key === "ArrowLeft" || key === "ArrowUp" ? names.length - 1 : 1;
        const other = names[(names.indexOf(name) + step) % names.length];
        element(`tab-${other}`).click();
        element(`tab-${other}`).focus();
      });
    }
    this.show("episode");
  }

  /** Show a panel unless the user chose one. */
  suggest(name: TabName): void {
    if (!this.chosen) this.show(name);
  }

  /** Show a panel because of what the user did elsewhere. */
  choose(name: TabName): void {
    this.chosen = true;
    this.show(name);
  }

  private show(shown: TabName): void {
    for (const name of Object.keys(this.panels) as TabName[]) {
      const tab = element(`tab-${name}`);
      tab.setAttribute("aria-selected", String(name === shown));
      tab.tabIndex = name === shown ? 0 : -1;
      element(this.panels[name]).hidden = name !== shown;
    }
  }
}
