import { expect, test } from "vitest";
import { readDomainLines } from "./read-domain-lines.ts";

const read = (text: string) =>
  readDomainLines(text).map(({ line, domain, customer, problem }) => [
    line,
    domain,
    customer,
    problem !== null,
  ]);

test.each([
  [
    "a bare list",
    "a.example\nb.example",
    [
      [1, "a.example", null, false],
      [2, "b.example", null, false],
    ],
  ],
  [
    "CRLF, a byte order mark, empty lines",
    "\uFEFFa.example\r\n\r\n b.example ",
    [
      [1, "a.example", null, false],
      [3, "b.example", null, false],
    ],
  ],
  [
    "semicolons and quotes",
    'domain;customer\n"a.example";"Miller; ""Sons"""',
    [[2, "a.example", 'Miller; "Sons"', false]],
  ],
  [
    "columns in another order",
    "Customer,Notes,Domain\nMiller,x,a.example",
    [[2, "a.example", "Miller", false]],
  ],
  ["a header without customers", "domain,notes\na.example,x", [[2, "a.example", null, false]]],
  ["no header", "a.example\tMiller", [[1, "a.example", "Miller", false]]],
  [
    "an open quote",
    'a.example\n"b.example\nc.example',
    [
      [1, "a.example", null, false],
      [2, "", null, true],
      [3, "c.example", null, false],
    ],
  ],
  [
    "a line too long",
    `${"x".repeat(2_001)}\na.example`,
    [
      [1, "", null, true],
      [2, "a.example", null, false],
    ],
  ],
])("%s: each line means what its writer meant", (_, text, expected) => {
  expect(read(text)).toEqual(expected);
});
