// Solves Occluded-v1: measure the ball's speed while it is seen, reckon where it is when it is not.
import { readVector, type ScriptedExpert } from "./scripted-expert.js";

/** Measures the ball's speed while it is seen, and follows where it must be. */
export const expertOccluded: ScriptedExpert = {
  id: "expert-occluded",
  env: "Occluded-v1",
  description: "Measures the ball's speed while it is seen, and follows where it must be.",
  decide(read, { memory, setting }) {
    const [x, y, z] = readVector(read, "tcp");
    if (read("ball_seen") > 0.5) {
      const [dx, dy] = readVector(read, "ball_from_tcp_if_seen");
      // the first sight of an episode comes after steps without
      memory.stride = memory.wasSeen === 1 ? y + dy - memory.y! : 0;
      [memory.x, memory.y, memory.wasSeen] = [x + dx, y + dy, 1];
    } else {
      memory.y = memory.y! + memory.stride!;
      memory.wasSeen = 0;
    }
    return { aim: [memory.x! - x, memory.y! - y, setting("hoverHeight") - z], open: true };
  },
};
