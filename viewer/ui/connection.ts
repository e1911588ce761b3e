// The connection to the server and the training by its process, with the button that ends it.
import { refuseStop, setStop } from "../state/panel-actions.js";
import type { Store } from "../state/store.js";
import type { Connection, ViewerState } from "../state/viewer-state.js";
import { element } from "./elements.js";

/** How long the button waits for the second press, ms. */
const PATIENCE = 4000;
const STOP_TEXTS = {
  none: "Stop and save",
  unconfirmed: "Press again to stop and save",
  saving: "Saving…",
} as const;

/** Show the connection and the training; the button, pressed twice, calls `stopTraining`. */
export function bindConnection(store: Store<ViewerState>, stopTraining: () => Promise<void>): void {
  store.watch(
    ({ connection }) => connection,
    (connection) => {
      element("connection").className = classOf(connection);
      element("connection").textContent = textOf(connection);
    },
  );
  const button = element("stop");
  store.watch(
    ({ training }) => training,
    (training) => {
      element("live-training").hidden = training === undefined;
      element("live-run").textContent = training?.run ?? "";
      button.textContent = STOP_TEXTS[training?.stop ?? "none"];
      button.disabled = training?.stop === "saving";
    },
  );
  button.addEventListener("click", async () => {
    if (store.get().training?.stop !== "unconfirmed") {
      store.update(setStop, "unconfirmed");
      setTimeout(() => {
        if (store.get().training?.stop === "unconfirmed") store.update(setStop, "none");
      }, PATIENCE);
      return;
    }
    store.update(setStop, "saving");
    await stopTraining().catch((error: Error) => store.update(refuseStop, error.message));
  });
}

function classOf({ phase, status }: Connection): string {
  if (phase === "open") return "connected";
  // an end that was announced is no broken connection
  if (phase === "lost") return status === undefined ? "bad" : "ended";
  return phase === "static" ? "static" : "";
}

function textOf({ phase, status, problem }: Connection): string {
  if (problem !== undefined) return problem;
  if (status !== undefined) return status;
  if (phase === "lost") return "Connection lost, trying again. Is armgym still running?";
  return { opening: "", open: "Connected", static: "Saved page" }[phase];
}
