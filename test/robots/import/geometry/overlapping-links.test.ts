import { expect, test } from "vitest";
import type {
  ArticulationModel,
  LinkModel,
} from "../../../../src/physics/articulation/articulation-model.js";
import {
  allowHomeOverlaps,
  allowUsualOverlaps,
} from "../../../../src/robots/import/geometry/overlapping-links.js";
import { panda } from "../../../../src/robots/models/panda.js";
import { robots } from "../../../../src/robots/models/robots.js";

/** Links of 0.2 m along x that turn about z, each with a ball of `radii[k]` at its joint; the last one's 0.2 m ahead of it. */
function chain(radii: readonly number[]): ArticulationModel {
  const links = radii.map(
    (radius, k): LinkModel => ({
      name: `l${k}`,
      parent: k - 1,
      position: [k === 0 ? 0 : 0.2, 0, 0],
      quaternion: [0, 0, 0, 1],
      ...{ mass: 1, centerOfMass: [0, 0, 0], inertia: [0.01, 0.01, 0.01, 0, 0, 0] },
      joint: {
        ...{
          name: `j${k}`,
          type: "revolute",
          axis: [0, 0, 1],
          lower: -3,
          upper: 3,
          velocityLimit: 1,
          effortLimit: 1,
        },
        ...{ stiffness: 1, damping: 1, armature: 0.1, viscousFriction: 0 },
      },
      collision: [{ type: "sphere", radius, position: [k === radii.length - 1 ? 0.2 : 0, 0, 0] }],
    }),
  );
  return { links };
}

const sentence = (when: string, pairs: string) =>
  `links that overlap ${when} do not stop each other: ${pairs}`;

test("links that overlap in most postures are told, those that hit each other in few are not", () => {
  const notes: string[] = [];
  // l0 and l2 are 0.4 m apart when straight and overlap below 0.35; l3 meets others only where it folds back
  const model = allowUsualOverlaps(chain([0.05, 0.05, 0.3, 0.02]), (note) => notes.push(note));
  expect(model.mayOverlap).toEqual([["l0", "l2"]]);
  expect(notes).toEqual([sentence("in more than a third of all postures", "l0 and l2")]);
  expect(allowUsualOverlaps(chain([0.05, 0.05, 0.3, 0.02]), () => {})).toEqual(model);
});

test("links that overlap in the home posture are told, but for those that may overlap already", () => {
  const folded = { ...panda, articulation: chain([0.05, 0.05, 0.05, 0.05]), home: [0, 0, Math.PI - 0.1, 0] };
  const notes: string[] = [];
  const robot = allowHomeOverlaps(folded, (note) => notes.push(note));
  expect(robot.articulation.mayOverlap).toEqual([["l0", "l3"]]);
  expect(notes).toEqual([sentence("in the home posture", "l0 and l3")]);
  expect(allowHomeOverlaps(robot, (note) => notes.push(note)).articulation).toEqual(robot.articulation);
  expect(notes.length).toBe(1);
});

test("the robots that ship need no pair beyond their own", { timeout: 60_000 }, () => {
  for (const { articulation } of Object.values(robots))
    expect(allowUsualOverlaps(articulation, () => {})).toBe(articulation);
});
