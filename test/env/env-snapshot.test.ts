import { deserialize, serialize } from "node:v8";
import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import type { Env, EnvFactory, EnvSnapshot } from "../../src/env/env.js";
import { UsageError } from "../../src/math/usage-error.js";
import { VERSION } from "../../src/version.js";
import { type Change, lineEnv } from "./line-env.js";

const still = (env: Env) => new Float32Array(env.spec.action.length);

test("the snapshot of any environment is refused by every other one", () => {
  const made = Object.values(envs).map((factory) => factory.create());
  for (const env of made) env.reset({ seed: 1 });
  const snapshots = made.map((env) => env.snapshot());
  for (const env of made) {
    for (const snapshot of snapshots) {
      if (snapshot.env === env.id) expect(() => env.restore(snapshot)).not.toThrow();
      else
        expect(() => env.restore(snapshot)).toThrow(
          new UsageError(
            `${env.id}: the snapshot is one of ${snapshot.env}. Restore it in an environment of that id.`,
          ),
        );
    }
  }
});

test("a snapshot of another config or version, and what is no snapshot, are refused", () => {
  const env = envs["Reach-v1"].create();
  env.reset({ seed: 1 });
  const snapshot = env.snapshot();
  const refused = (other: unknown, into = env) => {
    try {
      into.restore(other as EnvSnapshot);
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      return (error as Error).message;
    }
    return "taken";
  };
  const fine = envs["Reach-v1"].create({ solver: { iterations: 19 } });
  expect(refused(snapshot, fine)).toBe(
    "Reach-v1: the snapshot was taken with another config. Create the environment with that one: spec.config of the environment that the snapshot is of.",
  );
  expect(refused(snapshot, envs["Reach-v1"].create(env.spec.config))).toBe("taken");
  expect(refused({ ...snapshot, version: "99.0.0" })).toBe(
    `Reach-v1: the snapshot was taken with armgym 99.0.0, this is ${VERSION}. Take it again.`,
  );
  for (const other of [undefined, null, {}, "snapshot", { steps: 1 }])
    expect(refused(other)).toBe(
      "Reach-v1: what is to be restored is no snapshot. Give what snapshot() returned.",
    );
});

/** Hashes of the default configs in snapshots of 0.1.0, written by it. */
const HASHES_OF_0_1_0 = {
  "Reach-v1": "0b0d8c6d4c5dafd2",
  "Push-v1": "2bae6f7eb3525777",
  "PickPlace-v1": "3484b3823a3b30a9",
  "Stack-v1": "99500d02b74f7190",
  "StackTower-v1": "99500d02b74f7190",
  "Sort-v1": "99500d02b74f7190",
  "RememberGoal-v1": "67c14d6a2c5b159d",
  "Slide-v1": "436fc090b98151cb",
  "Drawer-v1": "e26c777b01b189c2",
  "Occluded-v1": "0b0d8c6d4c5dafd2",
  "PegInsert-v1": "8913be21757f9398",
  "BinPick-v1": "8282d94a7713abbb",
  "HiddenMass-v1": "34fb74cb8492a844",
} as const;

test.each(Object.entries(HASHES_OF_0_1_0))(
  "a snapshot of %s from 0.1.0, which knew no sizes and thresholds, is taken with their defaults and with no others",
  (id, config) => {
    const factory: EnvFactory = envs[id as keyof typeof envs];
    const env = factory.create();
    env.reset({ seed: 1 });
    const old = { ...env.snapshot(), version: "0.1.0", config };
    expect(() => env.restore(old)).not.toThrow();
    const name = Object.keys(factory.defaults).find((key) => /threshold|restSpeed/.test(key))!;
    const value = (factory.defaults as Readonly<Record<string, unknown>>)[name] as number;
    expect(() => factory.create({ [name]: 0.9 * value }).restore(old)).toThrow(
      `${id}: the snapshot was taken with another config.`,
    );
  },
);

test("a snapshot that went through JSON is refused, copies that keep typed arrays are taken", () => {
  const env = envs["PickPlace-v1"].create({ randomization: "default" });
  env.reset({ seed: 3 });
  env.step(still(env));
  const snapshot = env.snapshot();
  const next = env.step(still(env)).observation;
  expect(() => env.restore(JSON.parse(JSON.stringify(snapshot)) as EnvSnapshot)).toThrow(
    /^PickPlace-v1: the snapshot went through JSON, which keeps no typed arrays: "simulation\.[a-zA-Z.]+" is none any more\. Copy it by structuredClone\(\), or keep it by serialize\(\) of node:v8\.$/,
  );
  for (const copy of [structuredClone(snapshot), deserialize(serialize(snapshot)) as EnvSnapshot]) {
    env.restore(copy);
    expect(env.step(still(env)).observation).toEqual(next);
  }
});

test("a snapshot of plain numbers survives JSON", () => {
  const env = lineEnv().create();
  env.reset({ seed: 3 });
  env.step([0.3]);
  const snapshot = JSON.parse(JSON.stringify(env.snapshot())) as EnvSnapshot;
  const next = env.step([0.2]);
  env.restore(snapshot);
  expect(env.step([0.2])).toEqual(next);
});

test.each<[string, Change]>([
  ["by the time limit", {}],
  ["by the task", { terminated: (x) => (x > 2 ? "too far" : undefined) }],
])("an episode that ended %s stays over in its snapshot", (_, change) => {
  const env = lineEnv(change).create();
  const start = env.reset({ seed: 3 }).observation.state[0]!;
  let length = 0;
  for (let over = false; !over; length++) {
    const { terminated, truncated } = env.step([change.terminated ? 1 : 0]);
    over = terminated || truncated;
  }
  // steps of 0.5
  expect(length).toBe(change.terminated ? Math.floor((2 - start) / 0.5) + 1 : 8);
  const fresh = lineEnv(change).create();
  fresh.restore(structuredClone(env.snapshot()));
  expect(() => fresh.step([0])).toThrow(
    new UsageError("Line-v1: step() was called after the episode's end. Call reset() to start the next one."),
  );
  fresh.reset();
  expect(() => fresh.step([0])).not.toThrow();
});
