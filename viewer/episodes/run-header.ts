// The run that is shown: a list to choose from, and a line about how well it does, after how many steps and minutes.
import type { RunItem } from "../../src/recording/run-events.js";
import type { Commands } from "../state/commands.js";
import { currentRun, titles } from "../state/selectors.js";
import type { Store } from "../state/store.js";
import type { ViewerState } from "../state/viewer-state.js";
import { element } from "../ui/elements.js";
import { make } from "../ui/make.js";

/** Show the runs by their titles, and the one that is open. */
export function bindRunHeader(store: Store<ViewerState>, commands: Commands): void {
  const select = element("run");
  select.addEventListener("change", async () => {
    await commands.openRun(select.value);
    // the user may have chosen to stay
    select.value = store.get().run ?? "";
  });
  store.watch(titles, (called) =>
    select.replaceChildren(
      ...[...called].map(([run, title]) => Object.assign(new Option(title, run), { title: run })),
    ),
  );
  store.watch(
    (state) => [titles(state), state.run],
    ([, run]) => {
      select.value = run ?? "";
      select.title = run ?? "";
    },
  );
  store.watch(
    (state) => currentRun(state)?.evaluation,
    (evaluation) => element("run-summary").replaceChildren(...summary(evaluation)),
  );
}

/** Undefined where no run is shown, null where it was not evaluated. */
function summary(evaluation: RunItem["evaluation"] | undefined): (Node | string)[] {
  if (evaluation === undefined) return [];
  if (evaluation === null) return ["Not evaluated yet"];
  const { successRate, successInterval, episodes, steps, minutes } = evaluation;
  const interval = successInterval
    ? ` (95 % interval ${percent(successInterval[0])} to ${percent(successInterval[1])})`
    : "";
  const time = minutes === undefined ? "" : ` · ${duration(minutes)}`;
  return [
    make("b", {}, `${percent(successRate)} success`),
    `${interval} on ${episodes} episodes · ${Math.round(steps / 1000)}k steps${time}`,
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function duration(minutes: number): string {
  return minutes < 1 ? `${(60 * minutes).toFixed(0)} s` : `${minutes.toFixed(1)} min`;
}
