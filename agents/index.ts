// All agents that come with armgym, and the scripted experts.

import type { AgentDefinition, PredictorDefinition, TeacherDefinition } from "../src/index.js";
import { classifierCnn } from "./classifier-cnn.js";
import { expertBinPick } from "./expert-bin-pick.js";
import { expertDrawer } from "./expert-drawer.js";
import { expertHandover } from "./expert-handover.js";
import { expertHiddenMass } from "./expert-hidden-mass.js";
import { expertLift } from "./expert-lift.js";
import { expertOccluded } from "./expert-occluded.js";
import { expertPegInsert } from "./expert-peg-insert.js";
import { expertPickPlace } from "./expert-pick-place.js";
import { expertPush } from "./expert-push.js";
import { expertReach } from "./expert-reach.js";
import { expertRememberGoal } from "./expert-remember-goal.js";
import { expertSlide } from "./expert-slide.js";
import { expertSort, expertStack, expertStackTower } from "./expert-stack.js";
import { expertTeacher } from "./expert-teacher.js";
import { failureClassifier } from "./failure-classifier.js";
import { ppoCnnLstm } from "./ppo-cnn-lstm.js";
import { ppoLstm } from "./ppo-lstm.js";
import { ppoMlp } from "./ppo-mlp.js";
import { remainingLifeLstm } from "./remaining-life-lstm.js";
import type { ScriptedExpert } from "./scripted-expert.js";
import { sequenceLstm } from "./sequence-lstm.js";

/** Agents by id. */
export const agents = {
  "ppo-mlp": ppoMlp,
  "ppo-lstm": ppoLstm,
  "ppo-cnn-lstm": ppoCnnLstm,
} as const satisfies Readonly<Record<string, AgentDefinition>>;

/** Predictors, which learn from data, by id. */
export const predictors = {
  "classifier-cnn": classifierCnn,
  "failure-classifier": failureClassifier,
  "remaining-life-lstm": remainingLifeLstm,
  "sequence-lstm": sequenceLstm,
} as const satisfies Readonly<Record<string, PredictorDefinition>>;

/** Scripted experts by the environment that they solve. */
export const experts = {
  "Reach-v1": expertReach,
  "Lift-v1": expertLift,
  "Push-v1": expertPush,
  "PickPlace-v1": expertPickPlace,
  "Stack-v1": expertStack,
  "StackTower-v1": expertStackTower,
  "Sort-v1": expertSort,
  "RememberGoal-v1": expertRememberGoal,
  "Slide-v1": expertSlide,
  "Drawer-v1": expertDrawer,
  "Occluded-v1": expertOccluded,
  "PegInsert-v1": expertPegInsert,
  "BinPick-v1": expertBinPick,
  "HiddenMass-v1": expertHiddenMass,
  "Handover-v1": expertHandover,
} as const satisfies Readonly<Record<string, ScriptedExpert>>;

/** Teachers by the name that `armgym train --teacher` takes. */
export const teachers = { expert: expertTeacher(experts) } as const satisfies Readonly<
  Record<string, TeacherDefinition>
>;

export type { FailureSettings } from "./failure-classifier.js";
export type { RemainingLifeSettings } from "./remaining-life-lstm.js";
export { expertPolicy, type ScriptedExpert } from "./scripted-expert.js";
export type { SequenceSettings } from "./sequence-lstm.js";
