// Scenarios with an arm: pushing an object over the table; grasping, lifting and holding one.
import {
  multiplyQuaternions,
  type Quat,
  quaternionFromAxisAngle,
  rotateVector,
} from "../../../src/math/quaternion.js";
import type { Vec3 } from "../../../src/math/vector.js";
import type { RobotModel } from "../../../src/robots/models/robot-model.js";
import { planArm, playPlan } from "./arm-plan.js";
import type { Cell, Engine } from "./cell.js";
import { HALF, type ObjectName, objects, type TestObject } from "./objects.js";

/** A gripper that closes along its x axis pushes along y: always across the direction in which it closes. */
function pushDirection({ gripper }: RobotModel): number {
  return gripper!.lever === undefined ? 0 : Math.PI / 2;
}

/** Where the closed fingers of an SO-101 meet, beside its tool centre point, along x, m. */
function fingertipsFromTool({ gripper }: RobotModel): number {
  return gripper!.lever === undefined ? 0 : -0.035;
}

function turned(yaw: number, turn: Quat): Quat {
  return multiplyQuaternions(quaternionFromAxisAngle([0, 0, 1], yaw), turn);
}

function place(robot: RobotModel): readonly [number, number] {
  const { low, high } = robot.taskRegion;
  return [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2];
}

/** Where a pushed object ends. */
export interface PushEnd {
  /** Travel along the push, m. */
  readonly ahead: number;
  /** Travel across it, m. */
  readonly sideways: number;
  /** Turn about the vertical since the start, rad; 0 for a ball. */
  readonly turn: number;
}

/** Push an object 10 cm straight ahead with the closed fingers in 2 s; read its place half a second later. */
export function push(engine: Engine, robot: RobotModel, name: ObjectName, friction: number): PushEnd {
  const object: TestObject = objects[name];
  const direction = pushDirection(robot);
  const [cos, sin] = [Math.cos(direction), Math.sin(direction)];
  const [x, y] = place(robot);
  const start: Vec3 = [x - 0.08 * cos - fingertipsFromTool(robot), y - 0.08 * sin, 0.025];
  const closed = robot.gripper!.lever === undefined ? 0 : robot.gripper!.meets!;
  const plan = planArm(robot, { position: start, yaw: 0, fingers: closed }, [
    { seconds: 2, by: [0.15 * cos, 0.15 * sin, 0], gripper: -1 },
    { seconds: 0.5, gripper: -1 },
  ]);
  const cell = engine({ robot, bodies: [object.shape], friction });
  cell.placeArm(plan.start);
  // the face that fingers would hold is turned to the pusher
  cell.placeBody(0, [x - 0.03 * cos, y - 0.03 * sin, HALF], turned(direction + Math.PI / 2, object.turn));
  cell.settle();
  const before = cell.body(0);
  playPlan(cell, plan, 0, 2.5, robot.armJoints.length);
  const after = cell.body(0);
  cell.free();
  const [dx, dy] = [0, 1].map((k) => after.position[k]! - before.position[k]!) as [number, number];
  return {
    ahead: dx * cos + dy * sin,
    sideways: dy * cos - dx * sin,
    turn: angleBetween(headingOf(object, before.quaternion), headingOf(object, after.quaternion)),
  };
}

/** What a grasp ends like. */
export interface GraspEnd {
  readonly held: boolean;
  /** Travel of the object in the hand from the closed grasp to the end of the lift, m. */
  readonly slipInLift: number;
  /** The same in 10 s of holding. */
  readonly slipInHold: number;
  /** Joint positions every half second of the lift and hold. */
  readonly joints: readonly (readonly number[])[];
}

/** Where a grasp happens and how badly the hand is placed. */
export interface GraspPose {
  /** From the middle of the task region, m. */
  readonly from: readonly [number, number];
  /** Of hand and object, rad. */
  readonly yaw: number;
  /** How far the object lies from between the fingers along the pads, m, and turned, rad. */
  readonly error: readonly [number, number];
}

/** Descend on an object, close, lift it to the top of the task region in 2 s and hold it for 10 s. */
export function grasp(engine: Engine, robot: RobotModel, name: ObjectName, pose: GraspPose): GraspEnd {
  const object: TestObject = objects[name];
  const [middleX, middleY] = place(robot);
  const [x, y] = [middleX + pose.from[0], middleY + pose.from[1]];
  const rise = robot.taskRegion.high[2] - HALF;
  const plan = planArm(robot, { position: [x, y, 0.12], yaw: pose.yaw, fingers: robot.gripper!.open }, [
    { seconds: 1, by: [0, 0, -0.1], gripper: 1 },
    { seconds: 0.5, gripper: 1 },
    { seconds: 1, gripper: -1 },
    { seconds: 2, by: [0, 0, rise], gripper: -1 },
    { seconds: 0.5, gripper: -1 },
    { seconds: 10, gripper: -1 },
  ]);
  const cell = engine({ robot, bodies: [object.shape] });
  cell.placeArm(plan.start);
  const along = pushDirection(robot) + pose.yaw;
  const [offset, twist] = pose.error;
  cell.placeBody(
    0,
    [x + offset * Math.cos(along), y + offset * Math.sin(along), HALF],
    turned(along + twist, object.turn),
  );
  cell.settle();
  const joints: number[][] = [];
  const run = (from: number, to: number) => {
    for (let time = from; time < to; time += 0.5) {
      playPlan(cell, plan, time, time + 0.5, robot.armJoints.length);
      joints.push(cell.jointPositions().slice(0, robot.armJoints.length));
    }
    return inHand(cell);
  };
  const closed = run(0, 2.5);
  const lifted = run(2.5, 5);
  const end = run(5, 15);
  const held = cell.body(0).position[2] > HALF + 0.8 * rise;
  cell.free();
  return { held, slipInLift: distance(lifted, closed), slipInHold: distance(end, lifted), joints };
}

/** Root mean square of the differences of two joint records, rad. */
export function jointDifference(a: GraspEnd["joints"], b: GraspEnd["joints"]): number {
  const squares = a.flatMap((row, k) => row.map((q, joint) => (q - b[k]![joint]!) ** 2));
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}

/** Position of the object in the frame of the hand, m. */
function inHand(cell: Cell): Vec3 {
  const { position, rotation: R } = cell.hand();
  const [x, y, z] = cell.body(0).position.map((value, k) => value - position[k]!) as unknown as Vec3;
  const row = (k: number) => R[k]! * x + R[k + 3]! * y + R[k + 6]! * z;
  return [row(0), row(1), row(2)];
}

/** Angle from `a` to `b`, between -π and π. */
function angleBetween(a: number, b: number): number {
  return Math.atan2(Math.sin(b - a), Math.cos(b - a));
}

function headingOf({ heading }: TestObject, quaternion: Quat): number {
  if (!heading) return 0;
  const [x, y] = rotateVector(quaternion, heading);
  return Math.atan2(y, x);
}

function distance(a: Vec3, b: Vec3): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
