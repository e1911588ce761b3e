// What is drawn in the scene, and where it is seen from.

import { element } from "../ui/page.js";
import type { SceneOptions } from "./episode-model.js";
import type { RobotScene } from "./robot-scene.js";
import { isViewName } from "./view-presets.js";

const NAMES = ["path", "forces", "command", "areas", "axes", "cameras"] as const;

/** Let the boxes and lists over the scene decide; `redraw` shows the present frame again. */
export function bindViewOptions(robot: RobotScene, redraw: () => void): void {
  const box = (name: string) => element<HTMLInputElement>(`show-${name}`);
  const follow = element<HTMLInputElement>("follow-tool");
  const view = element<HTMLSelectElement>("view");
  const apply = () => {
    const options = Object.fromEntries(NAMES.map((name) => [name, box(name).checked]));
    element("force-scale").hidden = !box("forces").checked;
    robot.setOptions(options as unknown as SceneOptions);
    redraw();
  };
  for (const name of NAMES) box(name).addEventListener("change", apply);
  follow.addEventListener("change", () => {
    robot.setFollow(follow.checked);
    redraw();
  });
  view.addEventListener("change", () => {
    follow.checked = false;
    robot.setFollow(false);
    if (isViewName(view.value)) robot.look(view.value);
    // so that the same view can be chosen again after the scene was turned
    view.value = "";
  });
  element("reset-view").addEventListener("click", () => robot.look("start"));
  apply();
}
