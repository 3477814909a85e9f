import { expect, test } from "vitest";
import { parse } from "yaml";
import { listSources, readText } from "./repo-files.ts";

type Rule = {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; runbook_url: string };
};

const folder = "apps/standalone/monitoring";
const { groups } = parse(readText(`${folder}/waxseal.rules.yml`)) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

test("every metric that an alert asks for exists", () => {
  const source = listSources().map(readText).join("\n");
  // A histogram has series of its own.
  const exists = (name: string) => source.includes(`"${name.replace(/_(count|sum|bucket)$/, "")}"`);
  const asked = rules.flatMap(({ expr }) => expr.match(/waxseal_\w+/g) ?? []);
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.filter((name) => !exists(name))).toEqual([]);
});

test("every alert says what to do: its runbook has a page", () => {
  const pages = [...readText(`${folder}/RUNBOOKS.md`).matchAll(/^## (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
  const linked = rules.map(({ annotations }) => annotations.runbook_url.split("#"));
  expect(
    linked.filter(([path, page = ""]) => path !== `${folder}/RUNBOOKS.md` || !pages.includes(page)),
  ).toEqual([]);
  for (const { labels } of rules) expect(["page", "ticket"]).toContain(labels.severity);
});

test("every alert is tested where it has to fire and where it must not", () => {
  const { tests } = parse(readText(`${folder}/waxseal.rules.test.yml`)) as { tests: { name: string }[] };
  const names = tests.map(({ name }) => name);
  const expected = rules.flatMap(({ alert }) => [`${alert} fires`, `${alert} stays quiet`]);
  expect(names.toSorted()).toEqual(expected.toSorted());
});
