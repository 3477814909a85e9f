import { expect, test } from "vitest";
import { addRecent, asTargets, findPages, readRecent } from "./find-targets.ts";

const titles = (q: string) => findPages(q).map(({ title }) => title);

test("pages, settings and help are found by every word of the letters, and addresses of mail servers as such", () => {
  expect(titles("api key")).toEqual(["API keys"]);
  expect(titles("enforce help")).toEqual(["Moving to enforce"]);
  expect(titles("")).toEqual([]);
  expect(findPages("192.0.2.7")[0]).toMatchObject({ kind: "IP address", search: { ip: "192.0.2.7" } });
  expect(findPages("2001:db8::1")[0]).toMatchObject({ search: { ip: "2001:db8::1" } });
  expect(titles("12:30 not an address")).toEqual([]);
});

test("what the server finds leads to its page, in the account that it belongs to", () => {
  const found = asTargets({
    domains: [{ id: "d1", domain: "bakery.example", accountId: "c1", customer: "Bakery" }],
    customers: [{ id: "c1", name: "Bakery", externalId: null }],
    reporters: ["google.com"],
    reports: [{ id: "r1", reporter: "google.com", reportId: "2026-11-01", reportDay: "2026-11-01" }],
  });
  expect(found).toMatchObject([
    { to: "/a/$account/domains/d1", account: "c1", kind: "Domain of Bakery" },
    { to: "/a/$account", account: "c1", kind: "Customer" },
    { to: "/a/$account/reports", search: { source: "google.com" } },
    { to: "/a/$account/reports/r1", title: "2026-11-01" },
  ]);
});

test("the last eight places are kept once each, and a list of another shape counts as empty", () => {
  const places = Array.from({ length: 10 }, (_, at) => ({
    key: `k${at}`,
    title: "t",
    kind: "Page",
    to: "/x",
  }));
  let list: ReturnType<typeof readRecent> = [];
  for (const place of [...places, ...places.slice(8, 9)]) list = addRecent(list, place);
  expect(list.map(({ key }) => key)).toEqual(["k8", "k9", "k7", "k6", "k5", "k4", "k3", "k2"]);
  expect(readRecent(JSON.stringify(list))).toEqual(list);
  for (const text of [null, "{", "{}", '[1,{"key":"a","title":"b","kind":"c","to":"javascript:x"}]'])
    expect([text, readRecent(text)]).toEqual([text, []]);
});
