// The question that is asked before a live episode is lost.
import { element, tell } from "../page.js";

/** What the user wants done with it. */
export type Leaving = "download" | "leave" | "stay";

const dialog = element<HTMLDialogElement>("leave");

/** Ask what is to become of a live episode of which `steps` steps are nowhere else. */
export function askToLeave(steps: number): Promise<Leaving> {
  const those = steps === 1 ? "One step that was" : `${steps} steps that were`;
  tell("leave-text", `${those} made in this page would be lost.`);
  dialog.returnValue = "stay";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue as Leaving), { once: true });
  });
}
