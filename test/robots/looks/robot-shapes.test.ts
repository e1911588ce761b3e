// What robots look like.
import { expect, test } from "vitest";
import { multiplyQuaternions, quaternionFromAxisAngle, rotateVector } from "../../../src/math/quaternion.js";
import type { Vec3 } from "../../../src/math/vector.js";
import { shapeBounds } from "../../../src/recording/framing.js";
import { robotShapes } from "../../../src/robots/looks/robot-shapes.js";
import { robots } from "../../../src/robots/models/robots.js";
import type { SceneShape } from "../../../src/scene/scene.js";
import { shapesOfCameras, shapesOfPeople } from "../../../src/scene/seen-shapes.js";

/** All that ship have looks for people. */
const PEOPLE = Object.values(robots);

/** Lower and upper corner of a box that is turned by halves at most. */
function extent(shape: SceneShape): readonly [Vec3, Vec3] {
  if (shape.type !== "box") throw new Error(`a ${shape.type} where a box was expected`);
  const half = rotateVector(shape.quaternion, shape.size).map((v) => Math.abs(v) / 2);
  const corner = (sign: number) => shape.position.map((v, k) => v + sign * half[k]!) as unknown as Vec3;
  return [corner(-1), corner(1)];
}

/** How deep two boxes overlap, m; negative where a gap is between them. */
function overlap(a: SceneShape, b: SceneShape): number {
  const [[lowA, highA], [lowB, highB]] = [extent(a), extent(b)];
  return Math.min(...[0, 1, 2].map((k) => Math.min(highA[k]!, highB[k]!) - Math.max(lowA[k]!, lowB[k]!)));
}

test.each(["ur5e", "xarm7"])("the fingers of %s hang on its hand, closed and open", (id) => {
  const robot = robots[id]!;
  const { links } = robot.articulation;
  const drawn = robotShapes(robot);
  const shapes = new Map(
    links.map((link, index) => [link.name, shapesOfCameras({ shapes: drawn.links[index]! })]),
  );
  const hand = shapes.get(robot.tcp.link)!;
  for (const name of robot.gripper!.fingerLinks) {
    const { joint, position, quaternion } = links.find((link) => link.name === name)!;
    const own = shapes.get(name)!;
    for (const travel of [joint!.lower, joint!.upper]) {
      const inHand = own.map((shape) => {
        const [x, y, z] = rotateVector(quaternion, [
          shape.position[0],
          shape.position[1] + travel,
          shape.position[2],
        ]);
        return {
          ...shape,
          position: [x + position[0], y + position[1], z + position[2]] as const,
        };
      });
      const depth = Math.max(...inHand.flatMap((part) => hand.map((palm) => overlap(part, palm))));
      expect(depth, `${name} at ${travel} m`).toBeGreaterThan(0.005);
    }
    // and the bar holds the pad
    expect(overlap(own[0]!, own[1]!)).toBeGreaterThanOrEqual(0);
  }
});

test.each(PEOPLE)("people see every link of $id, and cameras what they saw without", (robot) => {
  const drawn = robotShapes(robot);
  const { looks, ...plain } = robot;
  for (const shapes of [drawn.base, ...drawn.links]) {
    const people = shapesOfPeople({ shapes });
    expect(people.length).toBeGreaterThan(0);
    for (const { seenBy } of people) expect(seenBy).toBe("people");
  }
  // the Panda had looks of its own before, which the FR3 has as well
  if (["panda", "fr3"].includes(robot.id)) return;
  const bare = robotShapes(plain);
  const cameras = (shapes: readonly SceneShape[]) =>
    shapesOfCameras({ shapes }).map(({ seenBy, ...shape }) => shape);
  expect({ base: cameras(drawn.base), links: drawn.links.map(cameras) }).toEqual(bare);
});

test.each(PEOPLE)("people see the fingers of $id on its hand, closed and open", (robot) => {
  const { links } = robot.articulation;
  const drawn = robotShapes(robot);
  const moving = links.flatMap(({ name, parent, joint }, index) =>
    joint && links[parent]?.name === robot.tcp.link && robot.gripper!.fingerLinks.includes(name)
      ? [index]
      : [],
  );
  expect(moving.length).toBeGreaterThan(0);
  const palm = shapesOfPeople({ shapes: drawn.links[links[moving[0]!]!.parent]! });
  for (const finger of moving) {
    const { joint, position, quaternion } = links[finger]!;
    for (const travel of [joint!.lower, joint!.upper]) {
      const turn =
        joint!.type === "revolute"
          ? multiplyQuaternions(quaternion, quaternionFromAxisAngle(joint!.axis, travel))
          : quaternion;
      const way = joint!.type === "revolute" ? [0, 0, 0] : joint!.axis.map((v) => v * travel);
      const shift = rotateVector(quaternion, way as unknown as Vec3);
      const inHand = shapesOfPeople({ shapes: drawn.links[finger]! }).map((shape): SceneShape => {
        const [x, y, z] = rotateVector(turn, shape.position);
        const at = [position[0] + shift[0] + x, position[1] + shift[1] + y, position[2] + shift[2] + z];
        const placed = multiplyQuaternions(turn, shape.quaternion);
        return { ...shape, position: at as unknown as Vec3, quaternion: placed };
      });
      const depth = Math.max(
        ...inHand.flatMap((part) => {
          const a = shapeBounds(part);
          return palm.map((other) => {
            const b = shapeBounds(other);
            return Math.min(
              ...[0, 1, 2].map((k) => Math.min(a.high[k]!, b.high[k]!) - Math.max(a.low[k]!, b.low[k]!)),
            );
          });
        }),
      );
      expect(depth, `${links[finger]!.name} at ${travel}`).toBeGreaterThan(0.004);
    }
  }
});

test("looks follow the model and not its id", () => {
  const shape = {
    type: "sphere",
    radius: 0.1,
    position: [0, 0, 0],
    quaternion: [0, 0, 0, 1],
    color: [1, 0, 0, 1],
  } as const;
  const { looks, ...plain } = robots.panda!;
  // the frames of a robot of another one's are drawn, whatever it is called
  const bare = robotShapes(plain);
  expect([bare.base, ...bare.links].every((shapes) => shapes.length > 0)).toBe(true);
  expect(bare).toEqual(robotShapes({ ...plain, id: "mine" }));
  expect(robotShapes({ ...robots.panda!, id: "mine" })).toEqual(robotShapes(robots.panda!));
  // a link that the looks leave out is drawn from the frames, one without shapes is not drawn
  const own = robotShapes({ ...plain, looks: { links: { link2: [shape], link3: [] } } });
  expect(own).toEqual({ base: bare.base, links: bare.links.with(1, [shape]).with(2, []) });
});
