import { expect, test } from "vitest";
import { UsageError } from "../../src/math/usage-error.js";
import type { EpisodeRecording } from "../../src/recording/recording.js";
import { episodeFilm, type Film } from "../../src/video/film.js";
import { isCube, liftedCube, pixelAt } from "./recorded.js";

const OPTIONS = { width: 80, height: 60, fps: 5, columns: 1, camera: "overview" };
/** Of a picture 80 wide: a line of words above, pixels between pictures. */
const [LINE, GAP] = [14, 2];
const GREEN = [38, 142, 62];
const FAILED = [200, 40, 48];
/** In the mark's corner, beside its sign. */
const MARK = { x: 80 - 4, y: 4 };

/** Rows in which a cell's picture shows the cube, from its top. */
function cubeRows(film: Film, index: number, left = 0): number[] {
  const rgb = film.draw(index);
  return Array.from({ length: 60 }, (_, y) => y).filter((y) =>
    Array.from({ length: 80 }, (_, x) => x).some((x) => isCube(pixelAt(rgb, film.width, left + x, LINE + y))),
  );
}

test("an episode is filmed from its start to its end, which stands for a second", () => {
  const film = episodeFilm([liftedCube(8)], OPTIONS, "lift.mcap");
  // 0.8 s in pictures of 0.2 s, the start, and 5 for the second
  expect([film.width, film.height, film.numPictures]).toEqual([80, LINE + 60 + LINE, 4 + 1 + 5]);
  const middles = [0, 2, 4, 9].map((index) => {
    const rows = cubeRows(film, index);
    return rows.reduce((sum, row) => sum + row, 0) / rows.length;
  });
  // it rises by as much in each 0.4 s, and stays
  expect(middles[0]! - middles[1]!).toBeGreaterThan(5);
  expect(middles[1]! - middles[2]!).toBeCloseTo(middles[0]! - middles[1]!, -1);
  expect(middles[3]).toBe(middles[2]);
});

test("pictures that come faster than frames show each frame twice", () => {
  const film = episodeFilm([liftedCube(3)], { ...OPTIONS, fps: 20 }, "lift.mcap");
  expect(film.numPictures).toBe(6 + 1 + 20);
  const drawn = [0, 1, 2, 3].map((index) => film.draw(index).slice());
  expect(drawn[1]).toEqual(drawn[0]);
  expect(drawn[2]).not.toEqual(drawn[1]);
  expect(drawn[3]).toEqual(drawn[2]);
});

test("a tick stands where the task is solved, a cross where an episode ends without, and neither before", () => {
  const solved = episodeFilm([liftedCube(4, { solvedAt: 2 })], OPTIONS, "lift.mcap");
  const markOf = (film: Film, index: number) => pixelAt(film.draw(index), film.width, MARK.x, LINE + MARK.y);
  expect(markOf(solved, 0)).not.toEqual(GREEN);
  expect([1, 2, 6].map((index) => markOf(solved, index))).toEqual([GREEN, GREEN, GREEN]);
  const failed = episodeFilm([liftedCube(4, { solvedAt: 99 })], OPTIONS, "lift.mcap");
  expect(markOf(failed, 1)).not.toEqual(FAILED);
  expect(markOf(failed, 2)).toEqual(FAILED);
});

test("a grid shows all episodes at the same time, each until its own end", () => {
  const recordings = [liftedCube(2), liftedCube(6), liftedCube(4, { solvedAt: 99 })];
  const film = episodeFilm(recordings, { ...OPTIONS, columns: 2 }, "lift.mcap");
  expect([film.width, film.height]).toEqual([80 + GAP + 80, LINE + 2 * (60 + LINE) + GAP]);
  // the last place is empty
  const rgb = film.draw(0).slice();
  expect(pixelAt(rgb, film.width, 82 + 40, LINE + 60 + LINE + GAP + 30)).toEqual([24, 26, 31]);
  // the first one stands, the second goes on
  const [first, second] = [cubeRows(film, 1), cubeRows(film, 1, 82)];
  expect(cubeRows(film, 3)).toEqual(first);
  expect(cubeRows(film, 3, 82)[0]).toBeLessThan(second[0]!);
  const last = film.draw(3).slice();
  const marks = [
    [0, 0],
    [82, 0],
    [0, 60 + LINE + GAP],
  ].map(([x, y]) => pixelAt(last, film.width, x! + MARK.x, LINE + y! + MARK.y));
  expect(marks).toEqual([GREEN, GREEN, FAILED]);
});

test("sizes are made even, and pictures do not depend on what was drawn before", () => {
  const options = { ...OPTIONS, width: 33, height: 25 };
  const film = episodeFilm([liftedCube(4)], options, "lift.mcap");
  expect([film.width % 2, film.height % 2]).toEqual([0, 0]);
  const once = film.draw(2).slice();
  film.draw(7);
  expect(film.draw(2)).toEqual(once);
  expect(episodeFilm([liftedCube(4)], options, "lift.mcap").draw(2)).toEqual(once);
});

test("the title says what is to be seen, unless another is given", () => {
  expect(episodeFilm([liftedCube(1)], OPTIONS, "lift.mcap").title).toBe("Lift-v1, panda, expert, 12k steps");
  const other = { ...OPTIONS, title: "My cube" };
  expect(episodeFilm([liftedCube(1)], other, "lift.mcap").title).toBe("My cube");
});

test("a camera of the recording draws by its place and at any size; one that is not there is refused", () => {
  const plain = liftedCube(1);
  const front = {
    name: "front",
    width: 8,
    height: 8,
    fovDeg: 30,
    position: [0, 0, 2] as [number, number, number],
    // it looks straight down on the cube
    quaternion: [0, 0, 0, 1] as [number, number, number, number],
    goalMarker: "solid" as const,
    goalFootprint: false,
  };
  const recording: EpisodeRecording = { ...plain, header: { ...plain.header, cameras: [front] } };
  const film = episodeFilm([recording], { ...OPTIONS, camera: "front" }, "lift.mcap");
  expect(isCube(pixelAt(film.draw(0), film.width, 40, LINE + 30))).toBe(true);
  expect(() => episodeFilm([recording], { ...OPTIONS, camera: "frnt" }, "lift.mcap")).toThrow(
    new UsageError(
      'There is no camera "frnt" in lift.mcap. Did you mean "front"? There are: overview, front.',
    ),
  );
});

test("a scene without shapes is refused", () => {
  const { header, frames } = liftedCube(1);
  const bare = { header: { ...header, scene: { entities: [] } }, frames };
  expect(() => episodeFilm([bare], OPTIONS, "bare.mcap")).toThrow(
    new UsageError(
      "bare.mcap has no shapes to draw. Record an environment that describes its scene, for example PickPlace-v1.",
    ),
  );
});
