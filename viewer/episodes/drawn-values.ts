// What randomisation drew for an episode, in a line.
import type { RecordingHeader } from "../../src/recording/recording.js";

/** Say the values by name, several of one name from least to greatest; undefined where nothing was randomised. */
export function drawnValues({ randomization }: RecordingHeader): string | undefined {
  if (!randomization) return undefined;
  const said = Object.entries(randomization).flatMap(([name, values]) => {
    if (values.length === 0) return [];
    const [least, most] = [short(Math.min(...values)), short(Math.max(...values))];
    return [`${words(name)} ${least === most ? least : `${least} to ${most}`}`];
  });
  return `Randomised: ${said.join(" · ")}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}

function words(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
