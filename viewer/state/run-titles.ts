// What runs are called: by what was trained on what, and how well it went, not by the names of their folders.
import { metricText } from "../../src/recording/fit-validation.js";
import type { FitItem, RunItem } from "../../src/recording/run-events.js";

/**
 * Return a title for each run by its name: environment, agent, robot where it is not the default one, seed, and the success
 * rate where it was measured.
 *
 * Runs that would be called the same are told apart by when they began, or else by their folders. A recording outside of any
 * run is called by its file.
 */
export function runTitles(runs: readonly RunItem[]): ReadonlyMap<string, string> {
  const titled = runs.map((item) => ({ item, title: titleOf(item) }));
  const distinct = (title: string, all: readonly { readonly title: string }[]) =>
    all.filter((other) => other.title === title).length < 2;
  const dated = titled.map(({ item, title }) => ({
    item,
    title: distinct(title, titled) ? title : `${title} · ${began(item.created)}`,
  }));
  return new Map(
    dated.map(({ item, title }) => [item.run, distinct(title, dated) ? title : `${title} · ${item.run}`]),
  );
}

function titleOf({ run, config, evaluation, fit }: RunItem): string {
  if (fit) return fitTitle(fit);
  if (!config) return run;
  const { env, agent, seed, envConfig } = config;
  const robot = (envConfig as { readonly robot?: unknown } | undefined)?.robot;
  const parts = [
    env,
    agent,
    ...(typeof robot === "string" ? [robot] : []),
    ...(typeof seed === "number" ? [`seed ${seed}`] : []),
    ...(evaluation ? [`${Number((100 * evaluation.successRate).toFixed(1))} %`] : []),
  ];
  return parts.join(" · ");
}

function fitTitle({ data, predictor, seed, validation }: FitItem): string {
  const parts = [
    data,
    predictor,
    ...(seed === undefined ? [] : [`seed ${seed}`]),
    ...(validation ? [`${validation.metric} ${metricText(validation.metric, validation.value)}`] : []),
  ];
  return parts.join(" · ");
}

function began(created: number): string {
  return new Date(created).toLocaleString("en-GB", {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
}
