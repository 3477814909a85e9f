import { expect, test } from "vitest";
import { countMxLook, type MxLooks, NO_MX_LOOKS } from "./count-mx-look.ts";

const expired = { state: "bad", fault: "certificate-expired" } as const;
const good = { state: "good", fault: null } as const;
const unknown = { state: "unknown", fault: null } as const;
type Look = typeof expired | typeof good | typeof unknown;

/** Looks as [minute, what was seen]. */
function look(...looks: [number, Look][]): MxLooks {
  return looks.reduce(
    (before, [minute, seen]) => countMxLook(before, seen, new Date(minute * 60_000)),
    NO_MX_LOOKS,
  );
}

test.each<[string, [number, Look][], string]>([
  ["one bad look is not enough", [[0, expired]], "unknown"],
  [
    "two bad looks nine minutes apart are not enough",
    [
      [0, expired],
      [9, expired],
    ],
    "unknown",
  ],
  [
    "two bad looks ten minutes apart are",
    [
      [0, expired],
      [10, expired],
    ],
    "bad",
  ],
  [
    "an unknown look between them proves nothing",
    [
      [0, expired],
      [5, unknown],
      [10, expired],
    ],
    "bad",
  ],
  [
    "a look dated back to before the first one dates the run",
    [
      [19, expired],
      [4, expired],
      [20, expired],
    ],
    "bad",
  ],
  [
    "a good look between them breaks the run",
    [
      [0, expired],
      [5, good],
      [10, expired],
    ],
    "unknown",
  ],
  [
    "one good look does not end it",
    [
      [0, expired],
      [10, expired],
      [20, good],
    ],
    "bad",
  ],
  [
    "two good looks in a row do",
    [
      [0, expired],
      [10, expired],
      [20, good],
      [21, good],
    ],
    "good",
  ],
  [
    "unknown looks never end it",
    [
      [0, expired],
      [10, expired],
      [20, unknown],
      [90, unknown],
    ],
    "bad",
  ],
])("an MX host: %s", (_, looks, confirmedState) => {
  expect(look(...looks)).toMatchObject({ confirmedState });
});

test("the time of a confirmed state is that of its first confirmation", () => {
  const looks = look([0, expired], [10, expired], [30, expired]);
  expect(looks).toMatchObject({ confirmedFault: "certificate-expired", confirmedAt: new Date(600_000) });
});
