import { expect, test } from "vitest";
import type { RunConfig } from "../../../src/runs/run-folder.js";
import { settingsAsMarkdown } from "../../../src/runs/settings/settings-markdown.js";

test("settings become tables with units and origins; a bar in a value does not end its cell", () => {
  const config: RunConfig = {
    version: "0.2.0",
    env: "Push-v1",
    agent: "ppo-mlp",
    envModule: "armgym",
    agentModule: "armgym",
    seed: 3,
    engine: "native",
    workers: 2,
    envConfig: { label: "a|b" },
    settings: {},
    resolved: {
      settings: { gamma: 0.97 },
      envConfig: { label: "a|b", solver: { iterations: 20 } },
      trainEnv: { label: "a|b", solver: { iterations: 10 } },
      origins: {
        settings: { gamma: "tuning" },
        envConfig: { label: "user" },
        trainEnv: { "solver.iterations": "tuning" },
      },
    },
  };
  expect(settingsAsMarkdown(config)).toBe(`**Push-v1** by **ppo-mlp**, seed 3, engine native, armgym 0.2.0

### Agent

| setting | value | unit | from |
| --- | --- | --- | --- |
| gamma | \`0.97\` |  | tuning |

### Environment

| setting | value | unit | from |
| --- | --- | --- | --- |
| label | \`"a\\|b"\` |  | user |
| solver.iterations | \`20\` |  | default |

### Environment that is trained on, where it differs

| setting | value | unit | from |
| --- | --- | --- | --- |
| solver.iterations | \`10\` |  | tuning |
`);
});
