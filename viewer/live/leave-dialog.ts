// The question that is asked before a live episode is lost.
import { element, tell } from "../ui/page.js";

/** What the user wants done with it. */
export type Leaving = "download" | "leave" | "stay";

const dialog = element<HTMLDialogElement>("leave");
let chosen: Leaving = "stay";

for (const button of dialog.querySelectorAll("button")) {
  button.addEventListener("click", () => {
    chosen = button.value as Leaving;
    dialog.close();
  });
}

/** Ask what is to become of a live episode of which `steps` steps are nowhere else. */
export function askToLeave(steps: number): Promise<Leaving> {
  const those = steps === 1 ? "One step that was" : `${steps} steps that were`;
  tell("leave-text", `${those} made in this page would be lost.`);
  // what Escape means
  chosen = "stay";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(chosen), { once: true });
  });
}
