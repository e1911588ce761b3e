// Robot descriptions of recordings as another program uses them: joint states move the links to where they were.
import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { Episode } from "../../src/env/episode.js";
import { frameOf, headerOf } from "../../src/episodes/record-episode.js";
import { multiplyQuaternions, type Quat, rotateVector } from "../../src/math/quaternion.js";
import { createRandom } from "../../src/math/random.js";
import type { Vec3 } from "../../src/math/vector.js";
import { readRecording } from "../../src/recording/mcap-read.js";
import { writeRecording } from "../../src/recording/mcap-write.js";
import type { EpisodeRecording } from "../../src/recording/recording.js";
import { readJointState, readString } from "../../src/recording/ros-read.js";
import { drawUrdf } from "../../src/robots/import/urdf-drawing.js";
import { decoded, messagesOf } from "./mcap-file.js";

/** Some steps of random actions. */
function recordRandom(id: "Reach-v1" | "Drawer-v1", robot: string): EpisodeRecording {
  const env = envs[id].create({ robot });
  const random = createRandom(`robot-description/${robot}`);
  const episode = new Episode(env, 5);
  const frames = [frameOf(episode, [], null)];
  for (let step = 0; step < 8; step++) {
    const action = env.spec.action.map(() => random.uniform(-1, 1));
    episode.step(action);
    frames.push(frameOf(episode, action, null));
  }
  return { header: headerOf(env, "5", { agent: "random", policySteps: 0 }), frames };
}

test.each([
  ["Reach-v1", "panda", "panda", "/robot_description"],
  ["Reach-v1", "ur5e", "ur5e", "/robot_description"],
  ["Reach-v1", "so101", "so101", "/robot_description"],
  ["Drawer-v1", "xarm7", "xarm7", "/robot_description"],
] as const)(
  "joint states move the links of %s with %s as they were recorded, and /tf says the same",
  async (id, robot, name, topic) => {
    const recording = recordRandom(id, robot);
    const { entities } = recording.header.scene;
    const bytes = await writeRecording(recording);
    const [description] = messagesOf(bytes, topic);
    const drawing = drawUrdf(readString(description!.data, "cdr"), topic);
    expect(drawing.name).toBe(name);
    // all joints of the robot are told by joint states, none else are
    const moved = drawing.joints.map((joint) => joint.name);
    expect(recording.header.jointNames.slice(0, moved.length)).toEqual(moved);
    const links = drawing.entities.flatMap(({ id: link }) => (link === "world" ? [] : [link]));
    expect(links.sort()).toEqual(
      [
        ...new Set(
          recording.header.scene.joints!.flatMap(({ parent, child }) =>
            rooted(recording, parent) ? [child] : [],
          ),
        ),
      ].sort(),
    );
    const states = messagesOf(bytes, "/joint_states").map(({ data }) => readJointState(data, "cdr"));
    const frames = messagesOf(bytes, "/tf").map(placesOf);
    for (const [k, { names, positions }] of states.entries()) {
      const poses = drawing.posesAt(new Map(names.map((joint, dof) => [joint, positions[dof]!])));
      for (const [index, link] of drawing.entities.entries()) {
        if (link.id === "world") continue;
        const recorded = entities.findIndex((entity) => entity.id === link.id);
        const pose = (all: readonly number[], at: number) => all.slice(7 * at, 7 * at + 7);
        const wanted = pose(recording.frames[k]!.poses, recorded);
        expect(apart(pose(poses, index), wanted), `${link.id}, joint states`).toBeLessThan(1e-6);
        expect(apart(frames[k]!.get(link.id)!, wanted), `${link.id}, /tf`).toBeLessThan(1e-9);
      }
    }
  },
);

test("what is beside the robot is a description of its own, its drawer on a joint that slides", async () => {
  const recording = recordRandom("Drawer-v1", "panda");
  const bytes = await writeRecording(recording);
  const [description] = messagesOf(bytes, "/scene/robot_description");
  const drawing = drawUrdf(readString(description!.data, "cdr"), "/scene/robot_description");
  expect(drawing.name).toBe("Drawer-v1");
  expect(drawing.entities.map(({ id }) => id)).toContain("table");
  expect(drawing.joints).toHaveLength(1);
  const states = readJointState(messagesOf(bytes, "/joint_states")[0]!.data, "cdr");
  expect(states.names).toContain(drawing.joints[0]!.name);
  // its joint has no greatest speed, which JSON has not
  expect(readRecording(bytes, "drawer.mcap").header.scene).toEqual(
    JSON.parse(JSON.stringify(recording.header.scene)),
  );
});

/** Whether joints lead from the world to an entity. */
function rooted(recording: EpisodeRecording, id: string): boolean {
  const joint = recording.header.scene.joints!.find(({ child }) => child === id);
  return id === "world" || (joint !== undefined && rooted(recording, joint.parent));
}

/** World poses of the frames of a message, each found through those that it hangs on. */
function placesOf(message: Parameters<typeof decoded>[0]): ReadonlyMap<string, number[]> {
  const { transforms } = decoded(message) as {
    transforms: {
      parentFrameId: string;
      childFrameId: string;
      translation: { x: number; y: number; z: number };
      rotation: { x: number; y: number; z: number; w: number };
    }[];
  };
  const places = new Map<string, number[]>();
  for (const { parentFrameId, childFrameId, translation, rotation } of transforms) {
    const position: Vec3 = [translation.x, translation.y, translation.z];
    const turn: Quat = [rotation.x, rotation.y, rotation.z, rotation.w];
    const [x, y, z, ...parent] = places.get(parentFrameId) ?? [0, 0, 0, 0, 0, 0, 1];
    const [dx, dy, dz] = rotateVector(parent as unknown as Quat, position);
    const own = multiplyQuaternions(parent as unknown as Quat, turn);
    places.set(childFrameId, [x! + dx, y! + dy, z! + dz, ...own]);
  }
  return places;
}

/** Greatest difference of two poses; a quaternion and its opposite are the same turn. */
function apart(one: readonly number[], other: readonly number[]): number {
  const same = [3, 4, 5, 6].reduce((sum, k) => sum + one[k]! * other[k]!, 0) < 0 ? -1 : 1;
  return Math.max(...one.map((value, k) => Math.abs(value - (k < 3 ? 1 : same) * other[k]!)));
}
