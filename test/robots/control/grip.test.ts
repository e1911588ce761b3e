import { expect, test } from "vitest";
import { RobotCell } from "../../../src/cell/robot-cell.js";
import { type Quat, quaternionFromAxisAngle } from "../../../src/math/quaternion.js";
import { createRandom } from "../../../src/math/random.js";
import type { Vec3 } from "../../../src/math/vector.js";
import type { CollisionShape, LinkModel } from "../../../src/physics/articulation/articulation-model.js";
import type { BodyShape } from "../../../src/physics/bodies/body-shape.js";
import { World } from "../../../src/physics/world.js";
import { Grip } from "../../../src/robots/control/grip.js";
import { panda } from "../../../src/robots/models/panda.js";
import type { GripperModel, RobotModel } from "../../../src/robots/models/robot-model.js";
import { thorough } from "../thorough.js";

const HALF = 0.02;
const models = Object.values(thorough);
/** Turns z to x and to y. */
const ALONG_X: Quat = [0, Math.SQRT1_2, 0, Math.SQRT1_2];
const ALONG_Y: Quat = [-Math.SQRT1_2, 0, 0, Math.SQRT1_2];

function cell({ id }: RobotModel, shape: BodyShape) {
  return new RobotCell({
    robot: id,
    controlMode: "ee-delta-yaw",
    controlRate: 20,
    physicsRate: 240,
    solver: { iterations: 20, tolerance: 1e-5 },
    objects: [{ name: "body", shape, mass: 0.1, friction: 0.8, color: [1, 0, 0, 1] }],
  });
}

function middleOf({ taskRegion: { low, high } }: RobotModel): readonly [number, number] {
  return [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2];
}

/** The middle of the closed fingers' tips from the tool centre point, m: the SO-101 closes on its fixed jaw. */
const tipsAhead = ({ id }: RobotModel) => (id === "so101" ? 0.015 : 0);

/** Normal forces of the contacts between fingers and body, N. */
function forcesOfFingers(simulation: RobotCell): number[] {
  const fingers: readonly string[] = simulation.model.gripper!.fingerLinks;
  return simulation
    .contacts()
    .filter(
      ({ bodyA, bodyB }) =>
        [bodyA, bodyB].includes("body") && fingers.some((name) => [bodyA, bodyB].includes(name)),
    )
    .map(({ normalForce }) => normalForce);
}

/** Close the fingers on a body on the table, its middle at `height`, lift it by 5 cm, and hold it. */
function grasp(robot: RobotModel, shape: BodyShape, height: number, turn: Quat) {
  const simulation = cell(robot, shape);
  const body = simulation.objects[0]!;
  const [x, y] = middleOf(robot);
  body.setPose([x, y, height], turn);
  simulation.reset([x, y, Math.max(height, 0.016)]);
  const act = (steps: number, rise: number) => {
    for (let step = 0; step < steps; step++) simulation.step(Float32Array.of(0, 0, rise, 0, -1));
  };
  act(16, 0);
  act(20, 0.0025 / (robot.toolStep ?? 0.05));
  act(10, 0);
  return { simulation, body };
}

test.each(models)("$id: closed fingers pressed on a cube are no grasp, and squeeze with 0 N", (robot) => {
  const seed = "fists";
  const random = createRandom(seed);
  const simulation = cell(robot, { type: "box", halfExtents: [HALF, HALF, HALF] });
  const cube = simulation.objects[0]!;
  const [x, y] = middleOf(robot);
  const gripper = robot.gripper!;
  let pressing = 0;
  for (let trial = 0; trial < 12; trial++) {
    const aside = () => random.uniform(-0.02, 0.02);
    const yaw = random.uniform(-Math.PI, Math.PI);
    cube.setPose(
      [x - tipsAhead(robot) + aside(), y + aside(), HALF],
      quaternionFromAxisAngle([0, 0, 1], yaw),
    );
    simulation.reset([x, y, 0.08], Math.max(gripper.meets ?? 0, gripper.closed));
    for (let step = 0; step < 30; step++) {
      simulation.step(Float32Array.of(aside(), aside(), step < 20 ? -0.2 : 0, 10 * aside(), -1));
      pressing = Math.max(pressing, ...forcesOfFingers(simulation));
      expect(simulation.gripForce(cube), `seed "${seed}", trial ${trial}, step ${step}`).toBe(0);
      expect(simulation.isGrasped(cube)).toBe(false);
    }
  }
  expect(pressing).toBeGreaterThan(20);
});

test.each(models)("$id: a body beside the closed fingers, pushed by one's back, is no grasp", (robot) => {
  const simulation = cell(robot, { type: "box", halfExtents: [HALF, HALF, HALF] });
  const cube = simulation.objects[0]!;
  const [x, y] = middleOf(robot);
  cube.setPose([x - tipsAhead(robot), y + 0.06, HALF]);
  simulation.reset([x, y, 0.02], Math.max(robot.gripper!.meets ?? 0, robot.gripper!.closed));
  let touched = 0;
  for (let step = 0; step < 12; step++) {
    simulation.step(Float32Array.of(0, 0.01 / (robot.toolStep ?? 0.05), 0, 0, -1));
    if (forcesOfFingers(simulation).some((force) => force > 0.1)) touched++;
    expect(simulation.gripForce(cube)).toBe(0);
  }
  expect(cube.position[1] - y).toBeGreaterThan(0.08);
  expect(touched).toBeGreaterThan(5);
});

const WEDGE: readonly Vec3[] = [-HALF, HALF].flatMap(
  (y) =>
    [
      [-0.03, y, -HALF],
      [0.03, y, -HALF],
      [0, y, HALF],
    ] as const,
);
const SHAPES: readonly (readonly [string, BodyShape, number, Quat])[] = [
  ["cube", { type: "box", halfExtents: [HALF, HALF, HALF] }, HALF, [0, 0, 0, 1]],
  ["ball", { type: "sphere", radius: HALF }, HALF, [0, 0, 0, 1]],
  ["standing cylinder", { type: "cylinder", radius: HALF, length: 0.06 }, 0.03, [0, 0, 0, 1]],
];
/** Bodies whose ends the fingers do not reach, by the axis across which the fingers close: y, for a single jaw x. */
const lying = (robot: RobotModel): typeof SHAPES => {
  const along = robot.id === "so101" ? ALONG_Y : ALONG_X;
  const across: Quat = robot.id === "so101" ? [0, 0, Math.SQRT1_2, Math.SQRT1_2] : [0, 0, 0, 1];
  return [
    ["lying cylinder", { type: "cylinder", radius: HALF, length: 0.06 }, HALF, along],
    ["lying capsule", { type: "capsule", radius: HALF, length: 0.04 }, HALF, along],
    ["wedge", { type: "convex", points: WEDGE }, HALF - 0.04 / 6, across],
  ];
};

const graspsById = Object.fromEntries(
  models.flatMap((robot) =>
    [...SHAPES, ...lying(robot)].map(([name, ...rest]) => [
      `${robot.id} grasps a ${name}`,
      [robot, ...rest] as const,
    ]),
  ),
);

test.each(Object.keys(graspsById))(
  "%s and squeezes it with the force of its gripper, within 1 percent where fingers slide and 8 where a jaw turns",
  (id) => {
    const [robot, , height] = graspsById[id]!;
    const { simulation, body } = grasp(...graspsById[id]!);
    expect(body.position[2] - height).toBeGreaterThan(0.04);
    expect(simulation.isGrasped(body)).toBe(true);
    const arm = simulation.world.articulation!;
    const torque = Math.abs(arm.appliedTorques[robot.armJoints.length]!);
    const jaw = robot.id === "so101";
    // two fingers that slide share it; of a jaw's the friction along its pad carries a part
    const expected = jaw ? torque / leverOfJaw(simulation) : torque / 2;
    const ratio = simulation.gripForce(body) / expected;
    expect(Math.abs(ratio - 1)).toBeLessThan(jaw ? 0.08 : 0.01);
  },
);

test("fingers that barely touch or have let go hold nothing", () => {
  const { simulation, body } = grasp(
    thorough.panda!,
    { type: "box", halfExtents: [HALF, HALF, HALF] },
    HALF,
    [0, 0, 0, 1],
  );
  for (let step = 0; step < 4; step++) simulation.step(Float32Array.of(0, 0, 0, 0, 1));
  expect(simulation.gripForce(body)).toBe(0);
  expect(simulation.isGrasped(body)).toBe(false);
});

/** A hand that stands over the table, with two fingers of 16 cm that turn about its sides and share a degree of freedom. */
function turningHand(pad: CollisionShape): RobotModel & { readonly gripper: GripperModel } {
  const finger = (name: string, side: 1 | -1): LinkModel => ({
    name,
    parent: 0,
    position: [0, 0.05 * side, 0],
    quaternion: [0, 0, 0, 1],
    mass: 0.1,
    centerOfMass: [0, 0, -0.08],
    inertia: [2e-4, 2e-4, 2e-5, 0, 0, 0],
    joint: {
      name: `turn_${name}`,
      type: "revolute",
      axis: [side, 0, 0],
      lower: -0.3,
      upper: 0.2,
      velocityLimit: 2,
      effortLimit: 3.2,
      stiffness: 100,
      damping: 5,
      armature: 0.01,
      viscousFriction: 0.01,
      ...(side < 0 ? { mimic: "turn_left" } : {}),
    },
    collision: [pad],
  });
  const hand: LinkModel = {
    name: "hand",
    parent: -1,
    position: [0.4, 0, 0.2],
    quaternion: [0, 0, 0, 1],
    mass: 1,
    centerOfMass: [0, 0, 0],
    inertia: [1e-3, 1e-3, 1e-3, 0, 0, 0],
    collision: [],
  };
  const gripper: GripperModel = {
    joint: "turn_left",
    open: 0.2,
    closed: -0.4,
    fingerLinks: ["left", "right"],
    lever: 0.16,
    meets: -0.285,
  };
  const links = [hand, finger("left", 1), finger("right", -1)];
  return { ...panda, id: "hand", articulation: { links }, armJoints: [], home: [0.2], gripper };
}

const PADS: Readonly<Record<string, readonly [CollisionShape, number]>> = {
  // leaning by 9 degrees it touches with an edge, 2 cm from its middle
  flat: [{ type: "box", halfExtents: [0.01, 0.005, 0.02], position: [0, 0, -0.16] }, 0.2],
  round: [{ type: "sphere", radius: 0.005, position: [0, 0, -0.16] }, 0.05],
};

test.each(Object.keys(PADS))(
  "fingers that turn, with %s pads, squeeze a block with their torque over their length",
  (kind) => {
    const [pad, tolerance] = PADS[kind]!;
    const robot = turningHand(pad);
    const world = new World({ timestep: 1 / 240 });
    world.addTable();
    const arm = world.addArticulation(robot.articulation);
    const block = world.addBox({ name: "block", halfExtents: [0.03, 0.02, 0.04], mass: 0.2 });
    const grip = new Grip(robot, robot.gripper, world);
    arm.reset([0.2]);
    block.setPose([0.4, 0, 0.04]);
    world.settle();
    const close = (steps: number) => {
      for (let step = 0; step < steps; step++) {
        arm.jointTargets[0] = robot.gripper.closed;
        arm.feedForward[0] = arm.biasForces[0]!;
        world.step();
      }
    };
    close(2);
    expect(grip.force(block)).toBe(0);
    close(238);
    // 3.2 N m at 16 cm
    expect(Math.abs(grip.force(block) / 20 - 1)).toBeLessThan(tolerance);
  },
);

/** Mean distance of the moving jaw's contacts from its joint's axis, weighted by their forces, m. */
function leverOfJaw({ world }: RobotCell): number {
  const arm = world.articulation!;
  const link = arm.linkIndex("moving_jaw");
  const [x, y, z] = arm.linkPositions.subarray(3 * link, 3 * link + 3);
  const axis = [0, 1, 2].map((k) => arm.linkRotations[9 * link + 3 * k + 2]!);
  const touching = world.contacts().filter(({ bodyA, bodyB }) => [bodyA, bodyB].includes("moving_jaw"));
  let [force, moment] = [0, 0];
  for (const { position, normalForce } of touching) {
    const r = [position[0] - x!, position[1] - y!, position[2] - z!];
    const along = r.reduce((sum, value, k) => sum + value * axis[k]!, 0);
    force += normalForce;
    moment += normalForce * Math.sqrt(r.reduce((sum, value) => sum + value * value, 0) - along ** 2);
  }
  return moment / force;
}
