// The line over the scene that says what is wrong: with the browser's graphics, and with the recording.
import { tell } from "./page.js";

/** What a part of the line is about. */
type Subject = "graphics" | "recording";

const said = new Map<Subject, string>();

/** Say something about `subject`, or nothing any more. */
export function warn(subject: Subject, text: string | undefined): void {
  if (text === undefined) said.delete(subject);
  else said.set(subject, text);
  const parts = (["graphics", "recording"] as const).flatMap((part) => said.get(part) ?? []);
  tell("banner", parts.join(" ") || undefined);
}
