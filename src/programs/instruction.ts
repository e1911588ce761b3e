// The language of robot programs: one instruction a line, in millimetres, degrees and seconds.
//
//   # what follows is a comment
//   SPEED 250              the tool moves by 250 mm/s from now on; 250 at the start
//   APPROACH PART 80       straight to 80 mm above the part
//   MOVEL 480 -35.5 200    straight to a place, x y z in the frame of the robot's base
//   TURN -30               turns the hand about the vertical to -30 degrees
//   GRIP CLOSE             closes the fingers, or opens them, and waits until they stand
//   DEPART 60              straight up by 60 mm
//   WAIT 0.5               stays for 0.5 s
//   END                    ends the program; only comments may follow
//
// A place is PART: where the part is when the instruction begins, the hand turned along its sides, GOAL: where the part is wanted
// (while the hand holds it, the tool goes to where the part is there), HOME: where the tool was at the start, or three numbers.

/** A place: of the cell, or x y z, mm. */
export type Place = "PART" | "GOAL" | "HOME" | readonly [x: number, y: number, z: number];

/** One instruction. */
export type Instruction =
  | { readonly op: "SPEED"; readonly speed: number }
  | { readonly op: "MOVEL"; readonly place: Place }
  | { readonly op: "APPROACH"; readonly place: Place; readonly height: number }
  | { readonly op: "DEPART"; readonly height: number }
  | { readonly op: "TURN"; readonly angle: number }
  | { readonly op: "GRIP"; readonly state: "OPEN" | "CLOSE" }
  | { readonly op: "WAIT"; readonly seconds: number }
  | { readonly op: "END" };

/** A line: an instruction, a comment (without its "#"), both or neither; the first one is line 1. */
export interface ProgramLine {
  /** Absent: none stands there. */
  readonly instruction?: Instruction;
  /** What stands behind its "#", to the end of the line. */
  readonly comment?: string;
}

/** A program, line by line. */
export type Program = readonly ProgramLine[];

/** What an operand is: one of some words, a number with its unit and range, or a place. */
export type Operand =
  | { readonly kind: "word"; readonly words: readonly string[] }
  | {
      readonly kind: "number";
      readonly name: string;
      readonly unit: string;
      readonly least: number;
      readonly most: number;
    }
  | { readonly kind: "place" };

/** Operands of each instruction, in their order, by the name of the field that they become. */
export const OPERANDS: Readonly<
  Record<Instruction["op"], readonly (readonly [field: string, operand: Operand])[]>
> = {
  SPEED: [["speed", number("speed", "mm/s", 1, 2000)]],
  MOVEL: [["place", { kind: "place" }]],
  APPROACH: [
    ["place", { kind: "place" }],
    ["height", number("height", "mm", 0, 1000)],
  ],
  DEPART: [["height", number("height", "mm", 0, 1000)]],
  TURN: [["angle", number("angle", "degrees", -180, 180)]],
  GRIP: [["state", { kind: "word", words: ["OPEN", "CLOSE"] }]],
  WAIT: [["seconds", number("time", "s", 0, 60)]],
  END: [],
};

/** Names of places of the cell. */
export const NAMED_PLACES = ["PART", "GOAL", "HOME"] as const;

/** What each number of a place may be, mm. */
export const COORDINATE = number("coordinate", "mm", -5000, 5000);

function number(name: string, unit: string, least: number, most: number) {
  return { kind: "number", name, unit, least, most } as const;
}
