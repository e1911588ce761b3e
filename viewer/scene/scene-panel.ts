// The scene as a function of the state: which episodes are drawn, at which frame, with what over them.
import { setGraphics } from "../state/panel-actions.js";
import { isLive, shownFrames } from "../state/selectors.js";
import type { Store } from "../state/store.js";
import type { ViewerState } from "../state/viewer-state.js";
import { element } from "../ui/elements.js";
import { bindCapture } from "./capture.js";
import { RobotScene } from "./robot-scene.js";
import { bindViewOptions } from "./view-options.js";

/** Draw the episodes that are shown; undefined where the browser draws no scene, which the state then says. */
export function bindScene(store: Store<ViewerState>): RobotScene | undefined {
  const robot = openScene(store);
  if (!robot) return undefined;
  store.watch(
    ({ drawn }) => drawn,
    (drawn) => robot.setOptions(drawn),
  );
  store.watch(
    ({ followTool }) => followTool,
    (follows) => robot.setFollow(follows),
  );
  store.watch(
    ({ shown, layout }) => [shown, layout],
    ([shown, layout]) =>
      robot.open(
        shown.map(({ recording }) => recording),
        layout,
      ),
  );
  store.watch(
    ({ shown, layout, frame, live, drawn, followTool }) => [
      shown,
      layout,
      frame,
      live.episode,
      drawn,
      followTool,
    ],
    () => placeFrame(robot, store.get()),
  );
  bindViewOptions(store, robot);
  bindCapture(store, robot);
  return robot;
}

function openScene(store: Store<ViewerState>): RobotScene | undefined {
  try {
    return new RobotScene(element("canvas"), (isLost) =>
      store.update(setGraphics, isLost ? "lost" : "drawn"),
    );
  } catch {
    store.update(setGraphics, "missing");
    return undefined;
  }
}

/** Show each episode at the frame, or at its last one; a live episode has the scene for itself. */
function placeFrame(robot: RobotScene, state: ViewerState): void {
  if (isLive(state)) {
    const { frames, index } = shownFrames(state)!;
    robot.place(frames[index]!, index);
    return;
  }
  for (const [k, { recording }] of state.shown.entries()) {
    const index = Math.min(state.frame, recording.frames.length - 1);
    robot.place(recording.frames[index]!, index, k);
  }
}
