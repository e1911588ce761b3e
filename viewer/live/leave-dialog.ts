// The question that is asked before a live episode is lost.
import { element, showText } from "../ui/elements.js";

/** What the user wants done with it. */
export type Leaving = "download" | "leave" | "stay";

/** Ask what is to become of a live episode of which `steps` steps are nowhere else. */
export function askToLeave(steps: number): Promise<Leaving> {
  const those = steps === 1 ? "One step that was" : `${steps} steps that were`;
  showText("leave-text", `${those} made in this page would be lost.`);
  const dialog = element("leave");
  return new Promise((resolve) => {
    // what Escape means
    let chosen: Leaving = "stay";
    for (const button of dialog.querySelectorAll("button"))
      button.onclick = () => {
        chosen = button.value as Leaving;
        dialog.close();
      };
    dialog.addEventListener("close", () => resolve(chosen), { once: true });
    dialog.showModal();
  });
}
