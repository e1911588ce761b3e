// What the viewer's server and its pages exchange is checked where it arrives.
import { expect, test } from "vitest";
import { describeRun, parseLiveEvent, parseMetrics, parseRuns } from "../../src/recording/run-events.js";

const RUN = {
  run: "Reach-v1__ppo-mlp__1",
  config: { env: "Reach-v1", agent: "ppo-mlp", seed: 4 },
  created: 1000,
  evaluation: null,
  episodes: [{ name: "a.mcap", seed: "3", return: Number.NaN, length: 7, success: false }],
};

test("a list of runs is the same after JSON, but for numbers that are not finite", () => {
  const [read] = parseRuns(JSON.parse(JSON.stringify([RUN])));
  expect(read).toEqual({
    ...RUN,
    episodes: [{ name: "a.mcap", seed: "3", return: undefined, length: 7, success: false }],
  });
});

test("a list that is none is refused with the place and the way out", () => {
  expect(() => parseRuns([{ ...RUN, created: "today" }])).toThrow(
    /^the list of runs cannot be read at 0\.created: .*expected number.*\. Are the page and armgym of the same version\? Reload the page\.$/,
  );
  expect(() => parseMetrics({ step: 1 })).toThrow(/^the metrics cannot be read: .*expected array/);
});

test("metrics keep their numbers and leave out those that are not finite", () => {
  const rows = [{ step: 1, "train/value_loss": Number.NaN }, { step: 2 }];
  expect(parseMetrics(JSON.parse(JSON.stringify(rows)))).toEqual([{ step: 1 }, { step: 2 }]);
});

test("events name a run by its folder's name, on any system", () => {
  const values = { step: 5, "rollout/ep_rew_mean": 2.5 };
  const sent = { type: "metrics", run: "/home/me/runs/first", values };
  expect(parseLiveEvent(JSON.stringify(sent))).toEqual({ ...sent, run: "first" });
  const windows = { type: "episode", run: "C:\\runs\\second", name: "b.mcap", success: true };
  expect(parseLiveEvent(JSON.stringify(windows))).toEqual({ ...windows, run: "second" });
  expect(parseLiveEvent('{"type":"training","run":null}')).toEqual({ type: "training", run: null });
});

test("a message of the live channel that is no event is no event", () => {
  for (const message of ["", "{", "[]", '{"type":"unknown"}', '{"type":"status","text":3}'])
    expect(parseLiveEvent(message), message).toBe(undefined);
});

test("files that hold no settings and no evaluation leave their run in the list", () => {
  expect(describeRun({ config: { env: "Reach-v1" }, evaluation: [] })).toEqual({
    config: null,
    evaluation: null,
  });
  const evaluation = { successRate: 0.5, episodes: 20, steps: 4096 };
  expect(describeRun({ config: RUN.config, evaluation })).toEqual({ config: RUN.config, evaluation });
});
