// A slider for a factor, from a tenth to ten times.
import { make } from "../ui/make.js";

/** Make one; `change` is called with the factor as it is moved. */
export function changeSlider(name: string, factor: number, change: (factor: number) => void): HTMLElement {
  const input = make("input", { type: "range", min: "-1", max: "1", step: "0.02" });
  input.value = String(Math.log10(factor));
  input.setAttribute("aria-label", name);
  const readout = make("output", { textContent: say(factor) });
  input.addEventListener("input", () => {
    const chosen = 10 ** Number(input.value);
    readout.textContent = say(chosen);
    change(chosen);
  });
  return make("label", { className: "change" }, make("span", { textContent: name }), input, readout);
}

function say(factor: number): string {
  return `× ${factor < 1 ? factor.toFixed(2) : factor.toFixed(1)}`;
}
