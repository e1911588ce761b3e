// What is drawn in the scene, and where it is seen from.
import { setDrawn, setFollowTool } from "../state/panel-actions.js";
import type { Store } from "../state/store.js";
import type { ViewerState } from "../state/viewer-state.js";
import { element } from "../ui/elements.js";
import type { RobotScene } from "./robot-scene.js";
import { isViewName } from "./view-presets.js";

const NAMES = ["path", "forces", "command", "areas", "workspace", "axes", "cameras"] as const;

/** Let the boxes and lists over the scene show and change what is drawn, and turn the camera. */
export function bindViewOptions(store: Store<ViewerState>, robot: RobotScene): void {
  for (const name of NAMES) {
    const box = element(`show-${name}`);
    box.addEventListener("change", () => store.update(setDrawn, name, box.checked));
    store.watch(
      ({ drawn }) => drawn[name],
      (isDrawn) => {
        box.checked = isDrawn;
      },
    );
  }
  store.watch(
    ({ drawn }) => drawn.forces,
    (isDrawn) => {
      element("force-scale").hidden = !isDrawn;
    },
  );
  const follow = element("follow-tool");
  follow.addEventListener("change", () => store.update(setFollowTool, follow.checked));
  store.watch(
    ({ followTool }) => followTool,
    (follows) => {
      follow.checked = follows;
    },
  );
  const view = element("view");
  view.addEventListener("change", () => {
    store.update(setFollowTool, false);
    if (isViewName(view.value)) robot.look(view.value);
    // so that the same view can be chosen again after the scene was turned
    view.value = "";
  });
  element("reset-view").addEventListener("click", () => robot.look("start"));
}
