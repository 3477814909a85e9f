import { expect, test } from "vitest";
import { heatLevel } from "./heat-level.ts";

test.each([
  [null, "silent"],
  [{ share: null, failed: 0 }, "empty"],
  [{ share: 1, failed: 0 }, "fine"],
  [{ share: 0.99999, failed: 1 }, "few"],
  [{ share: 0.98, failed: 2 }, "few"],
  [{ share: 0.97, failed: 3 }, "some"],
  [{ share: 0.5, failed: 50 }, "many"],
  [{ share: 0, failed: 1 }, "many"],
])("a day with %j is %s: one failure is never fine, silence never zero", (cell, level) => {
  expect(heatLevel(cell)).toBe(level);
});
