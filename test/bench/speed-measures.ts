// What speed.bench.ts measures in a build of armgym: run as `node speed-measures.js DIST NAME`, a slice of work per message.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

type Arrays = import("../../src/index.js").Arrays;
type Library = typeof import("../../src/index.js");
type Envs = typeof import("../../envs/index.js")["envs"];
type Agents = typeof import("../../agents/index.js");
type PpoUpdate = typeof import("../../src/rl/ppo/ppo-update.js");
type Parameters = typeof import("../../src/nn/parameters.js");

/** A build: whatever is called here must be there in each of the two that are compared. */
interface Build {
  readonly library: Library;
  readonly envs: Envs;
  readonly agents: Agents;
  /** Import the module that exports `name`, wherever it lies. */
  find<Module>(name: string): Promise<Module>;
}

/** Do some work and return how many units of it. */
type Slice = () => number | Promise<number>;

/** A measurement: what a unit of its work is, and how a slice of it is prepared. */
interface Measure {
  readonly unit: string;
  prepare(build: Build): Slice | Promise<Slice>;
}

const BATCH = 64;
const UPDATES = 1000;
const IMAGES = ["front", "side", "wrist"].map((name) => ({ name, width: 64, height: 64 }));

/** All measurements by name. */
export const MEASURES: Readonly<Record<string, Measure>> = {
  "training PickPlace-v1 by ppo-mlp": training("PickPlace-v1", "ppo-mlp", 4096, {}),
  "training RememberGoal-v1 by ppo-lstm": training("RememberGoal-v1", "ppo-lstm", 3200, {}),
  "training Reach-v1 by ppo-cnn-lstm from pictures": training("Reach-v1", "ppo-cnn-lstm", 2048, {
    observationMode: "camera",
    cameras: IMAGES,
  }),
  "physics: the expert's episodes of PickPlace-v1": episodes("PickPlace-v1", 10),
  "physics: the expert's episodes of StackTower-v1": episodes("StackTower-v1", 5),
  "camera: front": camera("front", false),
  "camera: wrist": camera("wrist", false),
  "camera: front with shadows": camera("front", true),
  "update of ppo-mlp, 2x64, minibatch 64": {
    unit: "update",
    prepare: async ({ library, agents, find }) => {
      const { ppoUpdate, ppoUpdateInputs } = await find<PpoUpdate>("ppoUpdate");
      const { initializeParameters } = await find<Parameters>("initializeParameters");
      const agent = agents.agents["ppo-mlp"];
      const policy = agent.createPolicy(24, 7, agent.settings);
      const specs = ppoUpdateInputs(policy, BATCH);
      const random = library.createRandom("update");
      const inputs: Arrays = Object.fromEntries(
        Object.entries(specs).map(([name, { shape }]) => {
          const length = shape.reduce((product, n) => product * n, 1);
          return [name, Float32Array.from({ length }, () => random.normal())];
        }),
      );
      inputs.parameters = initializeParameters(policy.layout, random);
      for (const name of ["firstMoment", "secondMoment"])
        inputs[name] = new Float32Array(policy.layout.total);
      inputs.step = Float32Array.of(0);
      inputs.learningRate = Float32Array.of(3e-4);
      inputs.logProbs = new Float32Array(BATCH).fill(-8);
      const compiled = await (await library.loadEngine("native")).compile(
        ppoUpdate(policy, agent.settings),
        specs,
      );
      return async () => {
        for (let k = 0; k < UPDATES; k++) await compiled.run(inputs);
        return UPDATES;
      };
    },
  },
};

function training(
  env: keyof Envs,
  agent: keyof Agents["agents"],
  totalSteps: number,
  envConfig: Readonly<Record<string, unknown>>,
): Measure {
  return {
    unit: "step",
    prepare:
      ({ library, envs, agents }) =>
      async () => {
        const { state } = await library.train({
          env: envs[env],
          agent: agents.agents[agent],
          settings: { totalSteps, validationEpisodes: 8 },
          envConfig,
        });
        return state.steps;
      },
  };
}

function episodes(id: "PickPlace-v1" | "StackTower-v1", numEpisodes: number): Measure {
  return {
    unit: "step",
    prepare: ({ envs, agents }) => {
      const env = envs[id].create();
      const actor = agents.expertPolicy(agents.experts[id], env.spec);
      return () => {
        let steps = 0;
        for (let seed = 0; seed < numEpisodes; seed++) {
          let { state } = env.reset({ seed }).observation;
          for (let done = false; !done; steps++) {
            const { observation, terminated, truncated } = env.step(actor(state));
            ({ state } = observation);
            done = terminated || truncated;
          }
        }
        return steps;
      };
    },
  };
}

function camera(name: string, shadows: boolean): Measure {
  const count = shadows ? 1500 : 4000;
  return {
    unit: "picture",
    prepare: ({ library, envs }) => {
      const env = envs["PickPlace-v1"].create({
        observationMode: "camera",
        cameras: IMAGES,
        appearance: { shadows },
      });
      const scene = env.scene();
      env.reset({ seed: 1 });
      const look = env.look?.();
      const poses = Array.from({ length: 32 }, () => {
        const pose = new Float64Array(7 * scene.entities.length);
        env.step([0.2, 0.2, -0.4, 1]);
        env.poses(pose);
        return pose;
      });
      const description = env.spec.image!.cameras.find((each) => each.name === name)!;
      const drawn = new library.Camera(scene, description, look);
      return () => {
        for (let k = 0; k < count; k++) drawn.render(poses[k % poses.length]!);
        return count;
      };
    },
  };
}

async function open(dist: string): Promise<Build> {
  const load = (path: string) => import(pathToFileURL(join(dist, path)).href);
  const [library, { envs }, agents] = await Promise.all(
    ["src/index.js", "envs/index.js", "agents/index.js"].map(load),
  );
  return {
    library,
    envs,
    agents,
    find: (name) => {
      const declaration = new RegExp(`^export (async )?function ${name}\\b`, "m");
      const files = readdirSync(join(dist, "src"), { recursive: true, encoding: "utf8" });
      const found = files.find(
        (file) => file.endsWith(".js") && declaration.test(readFileSync(join(dist, "src", file), "utf8")),
      );
      if (!found) throw new Error(`${dist} exports no function ${name}`);
      return load(join("src", found));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , dist = "", name = ""] = process.argv;
  const slice = await MEASURES[name]!.prepare(await open(dist));
  process.on("message", async () => {
    const begin = process.cpuUsage();
    const units = await slice();
    const { user, system } = process.cpuUsage(begin);
    process.send!((user + system) / 1000 / units);
  });
  process.send!("ready");
}
