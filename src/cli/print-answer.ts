// What a command answers on stdout: text for people, or one JSON object for programs.

/** Print `answer` as JSON where `--json` asks for that, else `text`, which may end with a new line or not. */
export function printAnswer(json: boolean | undefined, answer: unknown, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(answer) : text.replace(/\n$/, "")}\n`);
}
