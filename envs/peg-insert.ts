// PegInsert-v1: take a square peg from the table and put it into a hole that it barely fits.
import {
  type Area,
  assertGraspable,
  assertReachable,
  assertRoom,
  CELL_DEFAULTS,
  type Color,
  type ControlMode,
  defineEnv,
  distance,
  drawStart,
  type Fixture,
  FRICTION_RANGE,
  type FreeBody,
  findRobot,
  fromTool,
  grasped,
  gripperObservation,
  LENGTH_RANGE,
  MASS_RANGE,
  nearTerm,
  observationGroup,
  ofGoal,
  planarVector,
  quaternionFromAxisAngle,
  RobotCell,
  rotateVector,
  sampleApart,
  scalar,
  share,
  subtract,
  tableArea,
  toolObservation,
  UsageError,
  type Vec3,
  vector,
  yawOf,
} from "../src/index.js";
import { fittedCube, LEAST_EDGE } from "./fitted-cube.js";

/** The peg is best held this far above its centre, m: the fingers stay above the block. */
const GRIP = 0.012;
/** Peg and hole start this far from the edge of the region, m. */
const INSET = 0.02;
/** The peg is carried this far above the block, m. */
const ABOVE = 0.01;
/** What counts as nearly there in the observation, m and rad. */
const NEAR = 0.004;
const NEAR_TURN = 0.1;
const STEEL: Color = [0.45, 0.5, 0.58, 1];

/** Sizes, masses and thresholds. */
const SIZES = {
  /** Width of the peg, m; it is square. */
  pegWidth: 0.03,
  /** Height of the peg, m. */
  pegHeight: 0.06,
  /** Mass of the peg, kg. */
  pegMass: 0.1,
  /** Coulomb coefficient of the peg and the block; the fingers' own is greater and holds the peg. */
  friction: 0.3,
  /** Height of the block, which is also how deep the hole is, m. */
  blockHeight: 0.025,
  /** Thickness of the walls around the hole, m. */
  wallThickness: 0.02,
  /** Width of the hole less that of the peg, m: half of it on each side. 0.001 is hard. */
  clearance: 0.002,
  /** Peg and hole are turned by up to this, rad. 0 for a hand that cannot turn. */
  maxTurn: 0.3,
  /** Peg and hole start at least this far apart, m. */
  holeDistance: 0.09,
  /** Success: the middle of the peg's tip is this close to the middle of the hole's floor, m; by default 1.5 cm deep at least. */
  threshold: 0.01,
};

/**
 * A square peg, 3 x 3 x 6 cm, stands on the table; a hole, 2.5 cm deep, lies elsewhere. Both are anywhere in the robot's
 * task region, turned by up to `maxTurn`. The hand turns about the vertical; 4 s.
 */
export const pegInsert = defineEnv({
  id: "PegInsert-v1",
  description: "Take a square peg from the table and put it at least 1.5 cm deep into a hole.",
  maxEpisodeSteps: 80,
  defaults: {
    ...CELL_DEFAULTS,
    // the peg enters when it is turned to within 4 degrees of the hole
    controlMode: "ee-delta-yaw" as ControlMode,
    ...SIZES,
    rewardWeights: {
      /** The tool is near the place to hold the peg at. */
      reach: 0.1,
      /** The fingers hold the peg. */
      grasp: 0.1,
      /** The peg's tip is above the block. */
      lift: 0.1,
      /** The peg is over the hole and turned as it is. */
      align: 0.25,
      /** Share of the hole that the peg fills. */
      insert: 0.2,
      /** The tip is within the threshold of the hole's floor. */
      success: 0.25,
    },
  },
  ranges: {
    pegWidth: { least: LEAST_EDGE, most: 0.2, unit: "m" },
    pegHeight: { least: 0.01, most: 0.2, unit: "m" },
    pegMass: MASS_RANGE,
    friction: FRICTION_RANGE,
    blockHeight: LENGTH_RANGE,
    wallThickness: { least: 0.002, most: 0.1, unit: "m" },
    holeDistance: LENGTH_RANGE,
    threshold: LENGTH_RANGE,
    clearance: { least: 0.0005, most: 0.01, unit: "m" },
    maxTurn: { least: 0, most: 0.39, unit: "rad" },
  },
  fitted({ robot, pegWidth, pegMass }) {
    const fitted = fittedCube({ robot, cubeSize: pegWidth, cubeMass: pegMass });
    // as tall as it was
    return fitted ? { pegWidth: fitted.cube.cubeSize, pegMass: fitted.share ** 2 * pegMass } : {};
  },
  build(config): PegScene {
    const { pegWidth, pegHeight, pegMass, friction, blockHeight, clearance, holeDistance, threshold } =
      config;
    requirePossible(config);
    const robot = findRobot(config.robot);
    const area = tableArea("peg and hole area", robot.taskRegion, pegHeight / 2, INSET);
    const carried = blockHeight + ABOVE + pegHeight / 2 + GRIP;
    assertReachable(robot, { low: area.low, high: [area.high[0], area.high[1], carried] }, "PegInsert-v1");
    assertGraspable(robot, pegWidth, "PegInsert-v1");
    assertRoom(area, 2, holeDistance);
    const walls = wallsAround(pegWidth + clearance, config);
    const simulation = new RobotCell({
      ...config,
      boxes: [
        {
          name: "peg",
          halfExtents: [pegWidth / 2, pegWidth / 2, pegHeight / 2],
          mass: pegMass,
          friction,
          color: [0.9, 0.35, 0.2, 1],
        },
      ],
      fixtures: walls.map((wall, index) => ({
        ...wall,
        name: `block ${index}`,
        friction,
        color: STEEL,
      })),
      goal: { radius: threshold, color: [0.1, 0.75, 0.35, 0.5] },
      areas: [area],
    });
    return { simulation, area, peg: simulation.boxes[0]!, block: simulation.fixtures };
  },
  reset({ simulation, area, peg, block }, random, config, difficulty) {
    const { maxTurn, clearance, holeDistance } = config;
    const [start, hole] = sampleApart(area, 2, holeDistance, random, difficulty);
    const draw = () => quaternionFromAxisAngle([0, 0, 1], random.uniform(-maxTurn, maxTurn));
    peg.setPose(start!, draw());
    const turn = draw();
    for (const [index, { position }] of wallsAround(widthOf(peg) + clearance, config).entries()) {
      const [x, y, z] = rotateVector(turn, position);
      block[index]!.setPose([hole![0] + x, hole![1] + y, z], turn);
    }
    simulation.goal.set([hole![0], hole![1], 0]);
    simulation.reset(drawStart(random, simulation.model));
  },
  observation: [
    toolObservation,
    gripperObservation,
    observationGroup<PegScene>("peg", [
      scalar(
        "yaw_tracking_error",
        "rad",
        ({ simulation: { tcp, controller } }) => controller.commandedYaw - tcp.yaw,
        [-4, 4],
      ),
      fromTool("peg_from_tcp", ({ peg }) => peg),
      ofGoal(vector("hole_from_tip", "m", holeFromTip)),
      // upright both are 0
      planarVector("peg_axis", "1", ({ peg }) => axisOf(peg), 1),
      scalar("peg_turn_from_hand", "rad", turnFromHand, [-0.8, 0.8]),
      scalar("hole_turn_from_peg", "rad", holeTurnFromPeg, [-0.8, 0.8]),
      // the same once more, drawn out where it is nearly right: a network sees a millimetre and a degree
      ofGoal(
        planarVector("hole_near", "1", (scene) => holeFromTip(scene).map((way) => drawnOut(way, NEAR)), 1),
      ),
      scalar("hole_near_turn", "1", (scene) => drawnOut(holeTurnFromPeg(scene), NEAR_TURN), [-1, 1]),
      grasped(({ peg }) => peg),
    ]),
  ],
  goal: {
    size: 3,
    unit: "m",
    threshold: ({ threshold }) => threshold,
    achieved: ({ peg }, out) => out.set(tipOf(peg, axisOf(peg))),
    desired: ({ simulation }, out) => out.set(simulation.goal),
  },
  reward(scene, { blockHeight, threshold }) {
    const { simulation, peg } = scene;
    const { goal, tcp } = simulation;
    const axis = axisOf(peg);
    const tip = tipOf(peg, axis);
    const [x, y, z] = peg.position;
    const grip = [x + GRIP * axis[0], y + GRIP * axis[1], z + GRIP * axis[2]];
    const aside = Math.hypot(tip[0] - goal[0]!, tip[1] - goal[1]!);
    const turn = Math.abs(holeTurnFromPeg(scene));
    const width = widthOf(peg);
    const inside = aside < width / 4 && tip[2] < blockHeight - 0.001;
    const held = inside || simulation.isGrasped(peg) ? 1 : 0;
    // a turn counts by how far it moves the corners
    const off = aside + turn * width * Math.SQRT1_2;
    const success = Math.hypot(aside, tip[2] - goal[2]!) < threshold ? 1 : 0;
    return {
      reach: nearTerm(distance(grip, tcp.position)),
      grasp: held,
      lift: inside ? 1 : held * share(tip[2] - 0.001, blockHeight + 0.005),
      // the first part leads to the hole from afar, the second to the last millimetre
      align: held * (1 - (Math.tanh(5 * off) + Math.tanh(100 * off)) / 2),
      insert: inside ? share(blockHeight - tip[2], blockHeight) : 0,
      success,
    };
  },
});

/**
 * The four walls around a square hole of `width` whose middle is the origin, each the next one turned by a quarter. Around the
 * hole for a larger peg they are moved apart.
 */
function wallsAround(
  width: number,
  { wallThickness: wall, blockHeight }: { readonly wallThickness: number; readonly blockHeight: number },
): Pick<Fixture, "position" | "halfExtents">[] {
  const [half, middle] = [width / 2, (width + wall) / 2];
  return [
    [middle, -wall / 2],
    [wall / 2, middle],
    [-middle, wall / 2],
    [-wall / 2, -middle],
  ].map(([x, y], index) => ({
    position: [x!, y!, blockHeight / 2],
    halfExtents:
      index % 2 === 0
        ? [wall / 2, half + wall / 2, blockHeight / 2]
        : [half + wall / 2, wall / 2, blockHeight / 2],
  }));
}

/** Throw a UsageError where the hand, the peg or the goal would be inside of the block. */
function requirePossible(config: typeof SIZES): void {
  const { pegWidth, pegHeight, blockHeight, wallThickness, clearance, holeDistance, threshold } = config;
  const refuse = (name: keyof typeof SIZES, expected: string) =>
    new UsageError(`Setting "${name}" of PegInsert-v1 is ${config[name]}, expected ${expected}, in m.`);
  const held = pegHeight / 2 + GRIP;
  if (blockHeight >= held)
    throw refuse(
      "blockHeight",
      `less than the height at which the hand holds the peg in the hole (${mm(held)})`,
    );
  if (threshold >= blockHeight) throw refuse("threshold", `less than the hole is deep (${blockHeight})`);
  const apart = Math.SQRT1_2 * (2 * pegWidth + clearance + 2 * wallThickness);
  if (holeDistance < apart)
    throw refuse("holeDistance", `at least what peg and block take up when they are turned (${mm(apart)})`);
}

/** A length to the millimetre above. */
function mm(length: number): number {
  return Math.ceil(1000 * length) / 1000;
}

interface PegScene {
  readonly simulation: RobotCell;
  readonly peg: FreeBody;
  /** The walls of the hole. */
  readonly block: readonly Fixture[];
  /** Where peg and hole may be. */
  readonly area: Area;
}

/** From the middle of the peg's tip to the middle of the hole's floor, m. */
function holeFromTip({ simulation: { goal }, peg }: PegScene): Vec3 {
  return subtract(goal, tipOf(peg, axisOf(peg)));
}

/** How far the peg is turned against the hand, rad. */
function turnFromHand({ simulation: { tcp }, peg }: PegScene): number {
  return quarterTurn(yawOf(peg.quaternion) - tcp.yaw);
}

/** How far the hole is turned against the peg, rad. */
function holeTurnFromPeg({ peg, block }: PegScene): number {
  return quarterTurn(yawOf(block[0]!.quaternion) - yawOf(peg.quaternion));
}

/** What is nearly 0, within `near`, drawn out to -1 to 1; of the float32 that the observation holds. */
function drawnOut(value: number, near: number): number {
  return Math.tanh(Math.fround(value) / near);
}

/** Where the peg's axis points, from tip to head. */
function axisOf(peg: FreeBody): Vec3 {
  return rotateVector(peg.quaternion, [0, 0, 1]);
}

/** Half the peg's width and height in this episode: randomisation may change its size. */
function halfExtentsOf({ shape }: FreeBody): Vec3 {
  if (shape.type !== "box") throw new Error("the peg is a box");
  return shape.halfExtents;
}

function widthOf(peg: FreeBody): number {
  return 2 * halfExtentsOf(peg)[0];
}

function tipOf(peg: FreeBody, axis: Vec3): Vec3 {
  const [x, y, z] = peg.position;
  const half = halfExtentsOf(peg)[2];
  return [x - half * axis[0], y - half * axis[1], z - half * axis[2]];
}

/** The same turn for a square, between -45 and 45 degrees. */
function quarterTurn(angle: number): number {
  return angle - (Math.PI / 2) * Math.round(angle / (Math.PI / 2));
}
