// The worker's door: takes the page's questions one after another and answers them.
import "../without-eval.js";
import { LiveSession } from "./live-session.worker.js";
import type { Answer, Question, Questions } from "./protocol.js";

const session = new LiveSession();
let queue: Promise<void> = Promise.resolve();

addEventListener("message", ({ data }: MessageEvent<Question>) => {
  // one at a time: a step must not overtake the one before it
  queue = queue.then(() => respond(data));
});

async function respond({ id, name, ask }: Question): Promise<void> {
  let answer: Answer;
  try {
    answer = { id, answer: await session[name](ask as never as Questions[typeof name]["ask"] & never) };
  } catch (error) {
    answer = { id, error: error instanceof Error ? error.message : String(error) };
  }
  postMessage(answer);
}
