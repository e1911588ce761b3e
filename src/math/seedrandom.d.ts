// The one generator of seedrandom that we use, which its published types leave out.
declare module "seedrandom/lib/alea.js" {
  interface AleaGenerator {
    (): number;
    state(): object;
  }
  export default function alea(seed: string, options: { state: true | object }): AleaGenerator;
}
