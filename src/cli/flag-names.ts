// Options of the API as flags of the command line: messages come from the API, and a user of the command line knows flags.

/** Flags that are not called as the option. */
const FLAGS: Readonly<Record<string, string>> = { modules: "env", observationMode: "obs" };

/** Replace each option that `optionText` named in a message by its flag: `the option "teacher" as "expert"` is "--teacher expert". */
export function withFlags(message: string): string {
  return message.replaceAll(/the option "(\w+)"(?: as "([^"]*)")?/g, (_, name: string, value?: string) => {
    const flag = FLAGS[name] ?? name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (value === "false") return `--no-${flag}`;
    return value === undefined ? `--${flag}` : `--${flag} ${value}`;
  });
}
