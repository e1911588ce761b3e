// The training behind this page: its state, and the button that ends it.

import { isStatic, stopTraining } from "../sources/run-source.js";
import { element, tell } from "../ui/page.js";

const button = element<HTMLButtonElement>("stop");
let lastWord: string | undefined;

/** Let the button, pressed twice, save and end the training. */
export function bindStop(): void {
  button.addEventListener("click", async () => {
    if (button.dataset.sure !== "true") {
      button.dataset.sure = "true";
      button.textContent = "Press again to stop and save";
      setTimeout(resetStop, 4000);
      return;
    }
    button.disabled = true;
    button.textContent = "Saving…";
    await stopTraining().catch((error: Error) => tell("connection", error.message));
  });
}

/** Show which run is trained by this page's server; null where none is. */
export function showTraining(run: string | null): void {
  element("live-training").hidden = run === null;
  element("live-run").textContent = run ?? "";
  button.disabled = false;
  resetStop();
}

/** Show whether events arrive. */
export function showConnection(connected: boolean): void {
  const line = element("connection");
  line.className = connected ? "connected" : lastWord === undefined ? "bad" : "ended";
  if (connected) {
    lastWord = undefined;
    line.textContent = "Connected";
    return;
  }
  showTraining(null);
  line.textContent = lastWord ?? "Connection lost, trying again. Is armgym still running?";
}

/** Show what the server says of itself; it stays when the server ends. */
export function showStatus(text: string): void {
  lastWord = text;
  element("connection").textContent = text;
}

/** Say that the page stands by itself. */
export function showStatic(): void {
  if (!isStatic) return;
  const line = element("connection");
  line.className = "static";
  line.textContent = "Saved page";
}

function resetStop(): void {
  button.dataset.sure = "false";
  if (!button.disabled) button.textContent = "Stop and save";
}
