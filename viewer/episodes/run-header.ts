// The run that is shown: a list to choose from, and a line about how well it does, after how many steps and minutes.
import { metricText } from "../../src/recording/fit-validation.js";
import type { FitItem, RunItem } from "../../src/recording/run-events.js";
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
    (state) => [currentRun(state)?.evaluation, currentRun(state)?.fit],
    ([evaluation, fit]) =>
      element("run-summary").replaceChildren(...(fit ? fitSummary(fit) : summary(evaluation))),
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

/** What a fit came to on the rows that it is chosen by, and, where they were opened, on those that it reports on. */
function fitSummary({ validation, test }: FitItem): (Node | string)[] {
  if (!validation) return ["Not validated yet"];
  const figure = ({ metric, value }: { readonly metric: string; readonly value: number }) =>
    `${metric} ${metricText(metric, value)}`;
  const tested = test
    ? ` · test ${metricText(test.metric, test.value)} of ${test.rows}, opened ${test.openings === 1 ? "once" : `${test.openings} times`}`
    : " · test rows not opened";
  return [make("b", {}, figure(validation)), ` on ${validation.rows} validation rows${tested}`];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function duration(minutes: number): string {
  return minutes < 1 ? `${(60 * minutes).toFixed(0)} s` : `${minutes.toFixed(1)} min`;
}
