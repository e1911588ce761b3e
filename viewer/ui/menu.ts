// A list that opens over the scene.

/** Let `menu` close on Escape, and with a press beside it. */
export function bindMenu(menu: HTMLDetailsElement): void {
  addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary")!.focus();
      // the key is used up: it does not end a live episode as well
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
  addEventListener("pointerdown", ({ target }) => {
    if (!menu.contains(target as Node)) menu.open = false;
  });
}
