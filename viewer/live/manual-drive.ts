// Driving by hand: keys, a gamepad, or sliders become an action.
import { make } from "../ui/make.js";

/** Axis of an action entry moved by a key, and which way. */
const KEYS: Readonly<Record<string, readonly [entry: string, direction: number]>> = {
  w: ["tcp_x", 1],
  s: ["tcp_x", -1],
  a: ["tcp_y", 1],
  d: ["tcp_y", -1],
  e: ["tcp_z", 1],
  q: ["tcp_z", -1],
};
/** The same for the axes of a gamepad: left stick over the table, right stick up and down. */
const AXES: readonly (readonly [entry: string, axis: number, direction: number])[] = [
  ["tcp_x", 1, -1],
  ["tcp_y", 0, -1],
  ["tcp_z", 3, -1],
];
/** Sticks rest a little beside their middle. */
const DEAD = 0.15;

/** Reads what the user wants done, entry by entry of the action. */
export class ManualDrive {
  /** Sliders of every entry. */
  readonly sliders = make("div", { className: "manual" });
  private names: readonly string[] = [];
  private inputs: HTMLInputElement[] = [];
  private readonly held = new Set<string>();
  private grip = 1;
  private wasPressed = false;

  /** Take the action entries of another environment. */
  open(names: readonly string[]): void {
    this.names = names;
    this.grip = 1;
    this.inputs = names.map((name) => {
      const input = make("input", {
        type: "range",
        min: "-1",
        max: "1",
        step: "0.05",
        value: name === "gripper" ? "1" : "0",
      });
      input.setAttribute("aria-label", `Action ${name}`);
      input.addEventListener("input", () => {
        if (name === "gripper") this.grip = Number(input.value);
      });
      // a movement ends with the press, the gripper stays as it is
      if (name !== "gripper") input.addEventListener("change", () => (input.value = "0"));
      return input;
    });
    this.sliders.replaceChildren(
      ...names.map((name, k) => make("label", {}, make("span", { textContent: name }), this.inputs[k]!)),
    );
  }

  /** Take a key; returns whether it drives. */
  press(key: string): boolean {
    if (key === "g" && this.names.includes("gripper")) {
      this.toggleGrip();
      return true;
    }
    if (!KEYS[key] || !this.names.includes(KEYS[key][0])) return false;
    this.held.add(key);
    return true;
  }

  release(key: string): void {
    this.held.delete(key);
  }

  /** Let go of everything: the page lost the keyboard. */
  releaseAll(): void {
    this.held.clear();
  }

  /** The action as it is wanted now. */
  action(): number[] {
    const pad = this.gamepad();
    return this.names.map((name, k) => {
      if (name === "gripper") return this.grip;
      let wanted = Number(this.inputs[k]!.value) + (pad[name] ?? 0);
      for (const key of this.held) if (KEYS[key]![0] === name) wanted += KEYS[key]![1];
      return Math.max(-1, Math.min(1, wanted));
    });
  }

  private toggleGrip(): void {
    this.grip = this.grip > 0 ? -1 : 1;
    const input = this.inputs[this.names.indexOf("gripper")];
    if (input) input.value = String(this.grip);
  }

  private gamepad(): Record<string, number> {
    const pad = navigator.getGamepads().find((found) => found?.connected);
    if (!pad) return {};
    const pressed = pad.buttons[0]?.pressed ?? false;
    if (pressed && !this.wasPressed && this.names.includes("gripper")) this.toggleGrip();
    this.wasPressed = pressed;
    const moved = AXES.map(([entry, axis, direction]) => {
      const value = pad.axes[axis] ?? 0;
      return [entry, Math.abs(value) > DEAD ? direction * value : 0] as const;
    });
    return Object.fromEntries(moved);
  }
}
