import { QuarantineReason } from "@waxseal/contract";
import { expect, test } from "vitest";
import { explainQuarantine } from "./explain-quarantine.ts";

test.each(QuarantineReason.options)("%s has a title and says what to do next", (reason) => {
  const { title, nextStep } = explainQuarantine(reason, "example.com");
  expect(title).toMatch(/^[A-Z][^.]*$/);
  expect(nextStep).toMatch(/^[A-Z].*\.$/s);
  expect(`${title} ${nextStep}`).not.toMatch(
    /undefined|null|quarantine_|processing-failed|[a-z]-[a-z]+-[a-z]+-code/,
  );
});

test("no two reasons have one title: a list would show them as the same", () => {
  const titles = QuarantineReason.options.map((reason) => explainQuarantine(reason, null).title);
  expect(new Set(titles).size).toBe(titles.length);
});

test("records to change are named for the domain, and without one for the reader's", () => {
  expect(explainQuarantine("dmarc-report", "example.com").nextStep).toContain("_dmarc.example.com");
  expect(explainQuarantine("other-domain", null).nextStep).toContain("the report address of your domain");
});
