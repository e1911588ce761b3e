// MuJoCo's WebAssembly build as the oracle of the physics tests.
import loadMujoco from "@mujoco/mujoco";

/** The loaded MuJoCo module. */
export const mujoco = await loadMujoco();

/** Compile an MJCF text into a model with its data. */
export function compileMjcf(xml: string) {
  const model = mujoco.MjModel.from_xml_string(xml);
  if (!model) throw new Error("MuJoCo refused the model");
  return { model, data: new mujoco.MjData(model) };
}
