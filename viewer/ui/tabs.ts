// The panels beside the scene, one at a time; which there are, index.html tells.

/** Switches panels by their tabs, and by itself until the user has chosen. */
export class Tabs {
  private readonly tabs = [...document.querySelectorAll<HTMLElement>("[role='tab']")];
  private chosen = false;

  constructor() {
    for (const [index, tab] of this.tabs.entries()) {
      tab.addEventListener("click", () => {
        this.chosen = true;
        this.show(tab);
      });
      tab.addEventListener("keydown", ({ key }) => {
        if (!key.startsWith("Arrow")) return;
        const move = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
        const next = this.tabs.at((index + move) % this.tabs.length)!;
        next.click();
        next.focus();
      });
    }
    this.show(this.tabs[0]!);
  }

  /** Show the panel of the tab "tab-NAME" unless the user chose one. */
  suggest(name: string): void {
    const tab = this.tabs.find(({ id }) => id === `tab-${name}`);
    if (tab && !this.chosen) this.show(tab);
  }

  /** Show the panel of the tab "tab-NAME" because of what the user did elsewhere. */
  choose(name: string): void {
    this.chosen = true;
    this.show(this.tabs.find(({ id }) => id === `tab-${name}`)!);
  }

  private show(shown: HTMLElement): void {
    for (const tab of this.tabs) {
      tab.setAttribute("aria-selected", String(tab === shown));
      tab.tabIndex = tab === shown ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")!)!.hidden = tab !== shown;
    }
  }
}
