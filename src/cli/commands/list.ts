// armgym list
import type { Command } from "commander";
import { agents, predictors } from "../../../agents/index.js";
import { envs } from "../../../envs/index.js";
import { robots } from "../../robots/models/robots.js";
import { jsonOption } from "../flags.js";
import { printAnswer } from "../print-answer.js";

interface Row {
  readonly id: string;
  readonly description: string;
}

/** Define `armgym list`. */
export function define(command: Command): void {
  command.addOption(jsonOption()).addHelpText("after", "\nExample:\n  armgym list\n").action(listCommand);
}

function listCommand({ json }: { readonly json?: boolean }): void {
  const row = ({ id, description }: Row) => ({ id, description });
  const all = {
    envs: Object.values(envs).map(row),
    agents: Object.values(agents).map(row),
    predictors: Object.values(predictors).map(row),
    robots: Object.values(robots).map(({ id, title }) => ({ id, description: title })),
  };
  const lines = (rows: readonly Row[]) =>
    rows.map(({ id, description }) => `  ${id.padEnd(14)} ${description}`);
  const text = [
    "Environments:",
    ...lines(all.envs),
    "Agents:",
    ...lines(all.agents),
    "Predictors:",
    ...lines(all.predictors),
    "Robots:",
    ...lines(all.robots),
  ].join("\n");
  printAnswer(json, all, text);
}
