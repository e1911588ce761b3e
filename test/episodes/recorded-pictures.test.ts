import { decode } from "fast-png";
import { expect, test } from "vitest";
import { recordedPictures } from "../../src/episodes/recorded-pictures.js";
import { recordExpert } from "../golden/record.js";

test("cameras stand where the look has moved them, and pictures as PNG files are those that are drawn", () => {
  const { header, frames } = recordExpert("Reach-v1", 1, true).episodes[0]!;
  const [camera] = header.cameras!;
  const placed = {
    ...camera!,
    fovDeg: 40,
    position: [1, 2, 3] as [number, number, number],
    quaternion: [0, 0, 0, 1] as [number, number, number, number],
  };
  // half-angle tangents: a quarter turn about its own z axis
  const change = {
    shift: [0.5, 0, -0.25] as [number, number, number],
    turn: [0, 0, 1] as [number, number, number],
    fovDeg: 3,
  };
  const look = { ...frames[0]!.look!, cameras: { [placed.name]: change } };
  const recording = {
    header: { ...header, cameras: [placed] },
    frames: [{ ...frames[0]!, look }, ...frames.slice(1)],
  };
  const pictures = recordedPictures(recording)!;
  const half = expect.closeTo(Math.SQRT1_2, 12);
  expect(pictures.cameras).toEqual([
    { ...placed, fovDeg: 43, position: [1.5, 2, 2.75], quaternion: [0, 0, half, half] },
  ]);
  const { width, height, data } = decode(pictures.drawPng(2)[0]!);
  expect([width, height]).toEqual([32, 24]);
  expect([...data]).toEqual([...pictures.draw(2)[0]!]);
});
