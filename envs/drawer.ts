// Drawer-v1: pull a drawer open by its handle, fingers closed.
import {
  type Area,
  airArea,
  assertReachable,
  CELL_DEFAULTS,
  type Color,
  closedFingers,
  defineEnv,
  drawStart,
  findRobot,
  idleFingers,
  LENGTH_RANGE,
  type Mechanism,
  nearTerm,
  observationGroup,
  ofGoal,
  planarVector,
  pointOfTool,
  quaternionFromAxisAngle,
  type Region,
  RobotCell,
  type RobotModel,
  sampleArea,
  scalar,
  subtract,
  toolObservation,
  UsageError,
  type Vec3,
  vector,
} from "../src/index.js";
import { CABINET_DEFAULTS, CABINET_RANGES, cabinetOf, hookOf, PLINTH } from "./cabinet.js";

/** Heights of the handle, m. */
const HEIGHTS = [PLINTH - 0.025, PLINTH] as const;
/** Goal openings as shares of the depth of the robot's task region. */
const OPENINGS = [0.3, 0.6] as const;
/** Handles lie this share of the depth apart at most, and in this share of the width. */
const DEPTH_SHARE = 0.2;
const WIDTH_SHARE = 0.6;
/** The tool keeps this far from the edge of the workspace, m. */
const MARGIN = 0.01;
/** Links of the cabinet. */
const CARCASS = 0;
const DRAWER = 1;
const HANDLE_COLOR: Color = [0.2, 0.45, 0.9, 0.1];
/** The tool is over the room behind the handle when it is this near, m. */
const ENTRY = 0.015;
/** The tool travels this much above the handle until it is over the room behind it, m. */
const CLEAR = 0.05;

/** A handle up to 6 cm nearer, 9 cm aside and 2.5 cm lower, a cabinet turned by up to 0.25 rad, an opening of 9 to 18 cm (Panda); 2.5 s. */
export const drawer = defineEnv({
  id: "Drawer-v1",
  description: "Pull a drawer open by its handle to a wanted opening, fingers closed.",
  maxEpisodeSteps: 50,
  defaults: {
    ...CELL_DEFAULTS,
    ...CABINET_DEFAULTS,
    /** The cabinet is turned against the arm by this much at most, rad. */
    maxTurn: 0.25,
    /** Success: the drawer is open as wanted to within this, m. */
    threshold: 0.015,
    rewardWeights: {
      /** The hook is in the room behind the handle. */
      reach: 0.2,
      /** Share of the wanted opening that the drawer has. */
      pull: 0.4,
      /** The drawer is open as far as wanted. */
      success: 0.4,
    },
  },
  ranges: {
    ...CABINET_RANGES,
    maxTurn: { least: 0, most: 0.7, unit: "rad" },
    threshold: LENGTH_RANGE,
  },
  build(config): DrawerScene {
    const robot = findRobot(config.robot);
    const fingers = closedFingers(robot);
    const openings = openingsOf(robot);
    requirePossible(config, openings);
    const hook = hookOf(config);
    const areas = areasOf(robot, { ...config, hook }, fingers[0]);
    // the tool is behind the handle wherever that goes
    const behind = hook - fingers[0];
    const { low, high } = areas.handle;
    assertReachable(
      robot,
      { low: [areas.goal.low[0] + behind, low[1], low[2]], high: [high[0] + behind, high[1], high[2]] },
      "Drawer-v1",
    );
    const simulation = new RobotCell({
      ...config,
      gripper: false,
      mechanisms: [cabinetOf(config)],
      goal: { radius: config.threshold, color: [0.1, 0.75, 0.35, 0.5] },
      areas: [areas.handle, areas.goal],
    });
    return { simulation, fingers, hook, openings, areas, cabinet: simulation.mechanisms[0]! };
  },
  reset({ simulation, openings, areas, cabinet }, random, { maxTurn }, difficulty) {
    const handle = sampleArea(areas.handle, random, difficulty);
    const angle = Math.PI + difficulty * random.uniform(-maxTurn, maxTurn);
    const opening = random.uniform(...openings);
    cabinet.place(handle, quaternionFromAxisAngle([0, 0, 1], angle));
    simulation.goal.set([
      handle[0] + opening * Math.cos(angle),
      handle[1] + opening * Math.sin(angle),
      handle[2],
    ]);
    simulation.reset(drawStart(random, simulation.model), idleFingers(simulation.model));
  },
  observation: [
    toolObservation,
    observationGroup<DrawerScene>("drawer", [
      vector("handle_from_fingers", "m", ({ simulation, cabinet, fingers }) =>
        subtract(cabinet.position(DRAWER), pointOfTool(simulation.tcp, fingers)),
      ),
      planarVector("opens_along", "1", ({ cabinet }) => cabinet.xAxis(DRAWER), 1),
      scalar("opening", "m", ({ cabinet }) => cabinet.jointPosition(0), [-1, 1]),
      scalar("opening_speed", "m/s", ({ cabinet }) => cabinet.jointVelocity(0), [-100, 100]),
      ofGoal(
        scalar(
          "goal_from_opening",
          "m",
          (scene) => wantedOpening(scene) - scene.cabinet.jointPosition(0),
          [-1, 1],
        ),
      ),
    ]),
  ],
  goal: {
    size: 1,
    unit: "m",
    threshold: ({ threshold }) => threshold,
    achieved({ cabinet }, out) {
      out[0] = cabinet.jointPosition(0);
    },
    desired(scene, out) {
      out[0] = wantedOpening(scene);
    },
  },
  reward(scene, { threshold }) {
    const { simulation, cabinet, fingers, hook } = scene;
    const tool = pointOfTool(simulation.tcp, fingers);
    const handle = cabinet.position(DRAWER);
    const [x, y] = cabinet.xAxis(DRAWER);
    // the room behind the handle; it is entered from above
    const aside = Math.hypot(handle[0] - hook * x - tool[0], handle[1] - hook * y - tool[1]);
    const height = handle[2] + CLEAR * Math.min(1, Math.max(0, aside / ENTRY - 1));
    const fromHook = Math.hypot(aside, height - tool[2]);
    const wanted = wantedOpening(scene);
    const left = Math.abs(wanted - cabinet.jointPosition(0));
    return {
      reach: nearTerm(fromHook),
      pull: Math.max(0, 1 - left / wanted),
      success: left < threshold ? 1 : 0,
    };
  },
});

interface DrawerScene {
  readonly simulation: RobotCell;
  readonly cabinet: Mechanism;
  /** The closed fingers in the tool frame, m. */
  readonly fingers: Vec3;
  /** From the handle's middle to the middle of the room behind it, m. */
  readonly hook: number;
  /** Least and greatest goal, m. */
  readonly openings: readonly [number, number];
  /** Where the closed drawer's handle and the goal's mark may be. */
  readonly areas: { readonly handle: Area; readonly goal: Area };
}

/** How far the mark of the goal is from the closed drawer's handle, m. */
function wantedOpening({ simulation: { goal }, cabinet }: DrawerScene): number {
  const [closedX, closedY] = cabinet.position(CARCASS);
  const [x, y] = cabinet.xAxis(CARCASS);
  return (goal[0]! - closedX) * x + (goal[1]! - closedY) * y;
}

function openingsOf({ taskRegion: { low, high } }: RobotModel): [number, number] {
  const depth = high[0] - low[0];
  return [OPENINGS[0] * depth, OPENINGS[1] * depth];
}

/** Throw a UsageError where the drawer does not open as far as is wanted, or its handle is wider than its front. */
function requirePossible(
  { drawerTravel, drawerWidth, handleLength }: typeof CABINET_DEFAULTS,
  [, furthest]: readonly [number, number],
): void {
  if (drawerTravel < furthest) {
    throw new UsageError(
      `Setting "drawerTravel" of Drawer-v1 is ${drawerTravel}, expected at least the furthest opening that is wanted (${Number(furthest.toFixed(4))}), in m.`,
    );
  }
  if (handleLength > drawerWidth) {
    throw new UsageError(
      `Setting "handleLength" of Drawer-v1 is ${handleLength}, expected at most drawerWidth (${drawerWidth}), in m.`,
    );
  }
}

function areasOf(
  robot: RobotModel,
  { maxTurn, hook }: { readonly maxTurn: number; readonly hook: number },
  fingersAhead: number,
): DrawerScene["areas"] {
  const { taskRegion, workspace } = robot;
  const [least, most] = openingsOf(robot);
  const furthest = Math.min(taskRegion.high[0], workspace.high[0] + fingersAhead - MARGIN - hook);
  const nearest = furthest - DEPTH_SHARE * (taskRegion.high[0] - taskRegion.low[0]);
  const [right, left] = [WIDTH_SHARE * taskRegion.low[1], WIDTH_SHARE * taskRegion.high[1]];
  const sideways = most * Math.sin(maxTurn);
  const handle: Region = { low: [nearest, right, HEIGHTS[0]], high: [furthest, left, HEIGHTS[1]] };
  const goal: Region = {
    low: [nearest - most, right - sideways, HEIGHTS[0]],
    high: [furthest - least * Math.cos(maxTurn), left + sideways, HEIGHTS[1]],
  };
  return {
    handle: { ...airArea("handle area", handle), color: HANDLE_COLOR },
    goal: airArea("goal area", goal),
  };
}
