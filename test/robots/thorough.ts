// The robots that physics, control and every task are tested on at length: one of each kind of arm and hand.
import { panda } from "../../src/robots/models/panda.js";
import type { RobotModel } from "../../src/robots/models/robot-model.js";
import { so101 } from "../../src/robots/models/so101.js";
import { ur5e } from "../../src/robots/models/ur5e.js";
import { xarm7 } from "../../src/robots/models/xarm7.js";

/** Seven and six joints with sliding fingers, five with a jaw. What else ships is other numbers: its dynamics and its check are tested. */
export const thorough: Readonly<Record<string, RobotModel>> = { panda, ur5e, xarm7, so101 };
