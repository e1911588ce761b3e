// Notice that a command's own thread is kept by an environment: it then hears no signal, Ctrl-C neither.
import { atWork, countStep, rolloutControl } from "../rl/rollout/rollout-control.js";
import { type StallWatch, watchForStalls } from "../rl/rollout/workers/stall-watch.js";

const BEAT_MILLISECONDS = 1000;

/** Say on stderr when this thread, which steps the environment `env`, has not turned to anything else for a minute. */
export function watchEventLoop(env: string): StallWatch {
  const control = rolloutControl();
  const beat = setInterval(() => countStep(control), BEAT_MILLISECONDS);
  let end = () => {};
  void atWork(control, () => new Promise<void>((resolve) => (end = resolve)));
  const watch = watchForStalls(env, control, `kill -9 ${process.pid} ends it.`);
  return {
    async stop() {
      clearInterval(beat);
      end();
      await watch.stop();
    },
  };
}
