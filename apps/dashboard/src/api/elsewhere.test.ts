import { expect, test } from "vitest";
import { findThing } from "./elsewhere.ts";

const ID = "01a22722-5b28-7131-876d-bd95f0a32c14";

test.each([
  [`/domains/${ID}`, `/domains/${ID}`],
  [`/domains/${ID}/policy`, `/domains/${ID}`],
  [`/reports/${ID}`, `/tls-reports/${ID}`],
  [`/alerts/${ID}`, `/incidents/${ID}`],
  [`/policy-changes/${ID}`, `/policy-changes/${ID}`],
  ["/domains/new", undefined],
  [`/domains/${ID}x`, undefined],
  [`/constructor/${ID}`, undefined],
  ["/settings", undefined],
])("the thing of %s is %s", (page, thing) => {
  expect(findThing(page)).toBe(thing);
});
