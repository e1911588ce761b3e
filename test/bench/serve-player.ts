// A client process of the benchmark of served policies: sessions whose every answer is compared, until it is killed.
import { readFileSync } from "node:fs";
import { WebSocket } from "ws";

interface Step {
  readonly obs: readonly number[];
  readonly actions: readonly number[];
}

/** Play episodes of all lengths in sessions at the same time; end with 3 at the first wrong answer. */
function play(address: string, steps: readonly Step[], sessions: number): void {
  let right = 0;
  for (let place = 0; place < sessions; place++) {
    const socket = new WebSocket(`${address}/json`, { perMessageDeflate: false });
    let [step, length, episode] = [0, 0, place];
    const ask = () => {
      if (step === length) {
        length = 1 + ((7 * place + 11 * episode++) % steps.length);
        step = 0;
      }
      const observation = steps[step]!.obs;
      socket.send(JSON.stringify({ type: "infer", id: step, reset: step === 0, observation }));
    };
    const check = (text: string) => {
      const { id, actions } = JSON.parse(text) as { id: number; actions: number[] };
      const wanted = steps[step]!.actions;
      if (id !== step || !wanted.every((value, k) => value === actions[k])) {
        console.error(`session ${place}, step ${step}: ${text}, expected ${wanted}`);
        process.exit(3);
      }
      if (++right % 500 === 0) console.log(right);
      step++;
    };
    socket.once("message", () => {
      // that was the metadata
      socket.on("message", (data) => {
        check(String(data));
        ask();
      });
      ask();
    });
  }
}

const [address = "", file = "", sessions] = process.argv.slice(2);
play(address, JSON.parse(readFileSync(file, "utf8")) as Step[], Number(sessions));
