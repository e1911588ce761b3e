// Slide-v1: hit a puck so that it slides to a goal out of reach and stops there, fingers closed.
import {
  type Area,
  assertReachable,
  CELL_DEFAULTS,
  closedFingers,
  defineEnv,
  distance,
  drawStart,
  type FreeBody,
  findRobot,
  GOAL_COLOR,
  idleFingers,
  LENGTH_RANGE,
  MASS_RANGE,
  nearTerm,
  observationGroup,
  ofGoal,
  planarVector,
  pointOfTool,
  type Region,
  RobotCell,
  type RobotModel,
  SPEED_RANGE,
  sampleArea,
  subtract,
  tableArea,
  toolObservation,
  type Vec3,
  vector,
} from "../src/index.js";

const GRAVITY = 9.81;
/** From the puck's edge to the fingers that push it, m. */
const BEHIND = 0.015;
/** The arm hits no faster than this, m/s. */
const FASTEST_HIT = 1.2;
/** The table is drawn this far ahead of the furthest goal, m. */
const RUN_OUT = 0.8;

/**
 * A puck in the middle of the robot's task region (Panda: 15 x 30 cm), a goal 10 to 25 cm ahead of the workspace;
 * within 5 cm of it; 3 s.
 */
export const slide = defineEnv({
  id: "Slide-v1",
  description: "Hit a puck so that it slides to a goal out of reach and stops there, fingers closed.",
  maxEpisodeSteps: 60,
  defaults: {
    ...CELL_DEFAULTS,
    /** Radius of the puck, m. */
    puckRadius: 0.03,
    /** Height of the puck, m. */
    puckHeight: 0.04,
    /** Mass of the puck, kg. */
    puckMass: 0.1,
    /** Coulomb coefficient between puck and table. */
    friction: 0.04,
    /** Goals lie at least this far ahead of the workspace, m: a puck that is pushed to its edge stops short of them. */
    goalAhead: 0.1,
    /** Success: the puck is this near to its goal and slower than `restSpeed`, m; panda-gym's and Gymnasium-Robotics' for this task. */
    threshold: 0.05,
    /** A puck slower than this is at rest, m/s. */
    restSpeed: 0.05,
    rewardWeights: {
      /** The fingers are behind the puck as seen from the goal, or the puck is on its way. */
      reach: 0.1,
      /** The puck will stop near the goal. */
      slide: 0.2,
      /** The same, steeper: the last centimetres. */
      aim: 0.4,
      /** The puck rests within the threshold of the goal. */
      success: 0.3,
    },
  },
  ranges: {
    puckRadius: { least: 0.01, most: 0.1, unit: "m" },
    puckHeight: { least: 0.01, most: 0.1, unit: "m" },
    puckMass: MASS_RANGE,
    // nothing but friction stops the puck
    friction: { above: 0, most: 100 },
    goalAhead: { least: 0, most: 2, unit: "m" },
    threshold: LENGTH_RANGE,
    restSpeed: SPEED_RANGE,
  },
  build(config): SlideScene {
    const { puckRadius, puckHeight, puckMass, friction, threshold } = config;
    const robot = findRobot(config.robot);
    const areas = areasOf(robot, config);
    assertReachable(robot, areas.spawn, "Slide-v1");
    const simulation = new RobotCell({
      ...config,
      gripper: false,
      contactMargin: FASTEST_HIT / config.physicsRate,
      objects: [
        {
          name: "puck",
          shape: { type: "cylinder", radius: puckRadius, length: puckHeight },
          mass: puckMass,
          friction,
          color: [0.9, 0.35, 0.2, 1],
        },
      ],
      table: { friction, ahead: areas.goal.high[0] + RUN_OUT },
      goal: { radius: threshold, color: [0.1, 0.75, 0.35, 0.5] },
      areas: [areas.spawn, areas.goal],
    });
    return {
      simulation,
      areas,
      friction,
      behind: puckRadius + BEHIND,
      puck: simulation.objects[0]!,
      fingers: closedFingers(robot),
    };
  },
  reset({ simulation, areas, puck }, random, _, difficulty) {
    simulation.goal.set(sampleArea(areas.goal, random, difficulty));
    puck.setPose(sampleArea(areas.spawn, random, difficulty));
    simulation.reset(drawStart(random, simulation.model), idleFingers(simulation.model));
  },
  observation: [
    toolObservation,
    observationGroup<SlideScene>("puck", [
      vector("puck_from_fingers", "m", ({ simulation, puck, fingers }) =>
        subtract(puck.position, pointOfTool(simulation.tcp, fingers)),
      ),
      ofGoal(
        vector("goal_from_puck", "m", ({ simulation: { goal }, puck }) => subtract(goal, puck.position)),
      ),
      planarVector("puck_velocity", "m/s", ({ puck }) => puck.velocity),
      ofGoal(planarVector("goal_from_stop", "m", (scene) => goalFromStop(scene, scene.friction))),
    ]),
  ],
  goal: {
    size: 3,
    unit: "m",
    threshold: ({ threshold }) => threshold,
    achieved: ({ puck }, out) => out.set(puck.position),
    desired: ({ simulation }, out) => out.set(simulation.goal),
  },
  reward(scene, { threshold, restSpeed }) {
    const { simulation, puck, fingers, behind } = scene;
    const { goal, tcp } = simulation;
    const [x, y, z] = puck.position;
    const [speedX, speedY] = puck.velocity;
    const [wayX, wayY] = [goal[0]! - x, goal[1]! - y];
    const way = Math.max(Math.hypot(wayX, wayY), 1e-6);
    // the place to hit from: behind the puck as seen from the goal
    const place = [x - (behind * wayX) / way, y - (behind * wayY) / way, z];
    const fromBehind = distance(place, pointOfTool(tcp, fingers));
    const speed = Math.hypot(speedX, speedY);
    // a randomised friction is felt, not known
    const missing = Math.hypot(...goalFromStop(scene, scene.friction * simulation.frictionFactor));
    const sliding = nearTerm(missing, 4);
    return {
      // a puck on its way needs no hand behind it
      reach: Math.max(nearTerm(fromBehind), sliding),
      slide: sliding,
      aim: nearTerm(missing, 20),
      success: Math.hypot(wayX, wayY, goal[2]! - z) < threshold && speed < restSpeed ? 1 : 0,
    };
  },
});

/** From where the puck will stop, if nothing touches it any more, to the goal, m. */
function goalFromStop({ simulation: { goal }, puck }: SlideScene, friction: number): [number, number] {
  const [x, y] = puck.position;
  const [speedX, speedY] = puck.velocity;
  const seconds = Math.hypot(speedX, speedY) / (2 * friction * GRAVITY);
  return [goal[0]! - x - speedX * seconds, goal[1]! - y - speedY * seconds];
}

interface SlideScene {
  readonly simulation: RobotCell;
  readonly puck: FreeBody;
  /** The closed fingers in the tool frame, m. */
  readonly fingers: Vec3;
  /** Coulomb coefficient between puck and table. */
  readonly friction: number;
  /** From the puck's centre to the fingers that push it, m. */
  readonly behind: number;
  readonly areas: { readonly spawn: Area; readonly goal: Area };
}

function areasOf(
  { taskRegion, workspace }: RobotModel,
  { puckHeight, goalAhead }: { readonly puckHeight: number; readonly goalAhead: number },
): SlideScene["areas"] {
  const half = puckHeight / 2;
  const { low, high } = taskRegion;
  const depth = high[0] - low[0];
  // room to gather speed behind the puck, and to go on pushing ahead of it
  const spawn: Region = {
    low: [low[0] + depth / 4, low[1], low[2]],
    high: [high[0] - depth / 4, high[1], high[2]],
  };
  const edge = workspace.high[0] + goalAhead;
  const goal: Region = { low: [edge, low[1], half], high: [edge + depth / 2, high[1], half] };
  return {
    spawn: tableArea("spawn area", spawn, half),
    goal: { ...tableArea("goal area", goal, half), color: GOAL_COLOR },
  };
}
