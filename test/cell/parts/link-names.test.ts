// Links of a robot may be called as anything else in the scene is.
import { expect, test } from "vitest";
import { envs } from "../../../envs/index.js";
import { createRandom } from "../../../src/math/random.js";
import { panda } from "../../../src/robots/models/panda.js";
import type { RobotModel } from "../../../src/robots/models/robot-model.js";
import { findEntity, standingEntities } from "../../../src/scene/scene.js";

const RENAMED = new Map([
  ["link1", "table"],
  ["link2", "base"],
  ["link3", "goal"],
  ["link4", "cube"],
  ["link5", "floor"],
  ["link6", "world"],
  ["link7", "robot"],
  ["hand", "drawer"],
]);
const nameOf = (name: string) => RENAMED.get(name) ?? name;

/** A Panda whose links are called as the table, the cube and others are. */
const namesake: RobotModel = {
  ...panda,
  id: "namesake",
  articulation: {
    ...panda.articulation,
    links: panda.articulation.links.map((link) => ({ ...link, name: nameOf(link.name) })),
  },
  tcp: { ...panda.tcp, link: nameOf(panda.tcp.link) },
  looks: {
    ...panda.looks,
    links: Object.fromEntries(
      Object.entries(panda.looks!.links).map(([name, shapes]) => [nameOf(name), shapes]),
    ),
  },
};

test.each(["PickPlace-v1", "Drawer-v1"] as const)("with them %s does and sees the same bits", (id) => {
  const [own, other] = [panda.id, JSON.stringify(namesake)].map((robot) => {
    const env = envs[id].create({
      robot,
      observationMode: "camera",
      cameras: ["front", "wrist"],
      appearance: { shadows: true },
      visualRandomization: "default",
    });
    const random = createRandom("actions");
    const seen = [env.reset({ seed: 3 }).observation];
    for (let step = 0; step < 6; step++)
      seen.push(env.step(env.spec.action.map(() => random.uniform(-1, 1))).observation);
    const poses = new Float64Array(7 * env.scene().entities.length);
    env.poses(poses);
    return { env, seen, poses };
  });
  expect(other!.poses).toEqual(own!.poses);
  expect(other!.seen).toEqual(own!.seen);
  const scenes = [own!, other!].map(({ env }) => env.scene());
  // all else has the id that it has beside the Panda
  const others = scenes.map(({ entities }) =>
    entities.flatMap(({ kind, id }) => (kind === "link" ? [] : [id])),
  );
  expect(others[1]).toEqual(others[0]);
  const [{ entities, joints = [] }] = scenes.slice(1) as [(typeof scenes)[number]];
  expect(new Set(entities.map((entity) => entity.id)).size).toBe(entities.length);
  expect(new Set(joints.map(({ name }) => name)).size).toBe(joints.length);
  expect(standingEntities(scenes[1]!)).toEqual(standingEntities(scenes[0]!));
  // what is fixed to a link finds it by its name
  expect(entities[findEntity(scenes[1]!, "cube")]!.id).toBe("robot/cube");
});
