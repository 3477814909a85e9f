import { expect, test } from "vitest";
import { describeFailingDomains } from "./health-words.ts";

test.each([
  [{ failing: 1, refusing: 1, domains: 1 }, "Mail is failing for 1 domain."],
  [{ failing: 2, refusing: 2, domains: 1_200 }, "Mail is failing for 2 of 1,200 domains."],
  [
    { failing: 1, refusing: 0, domains: 1 },
    "Encryption checks fail for 1 domain; senders still deliver its mail.",
  ],
  [
    { failing: 1, refusing: 0, domains: 6 },
    "Encryption checks fail for 1 of 6 domains; senders still deliver its mail.",
  ],
  [
    { failing: 3, refusing: 0, domains: 6 },
    "Encryption checks fail for 3 of 6 domains; senders still deliver their mail.",
  ],
  [
    { failing: 1_003, refusing: 2, domains: 5_000 },
    "Mail is failing for 2 of 5,000 domains; for 1,001 more, encryption checks fail but senders still deliver.",
  ],
])("mail is failing only where a policy is enforced: %o", (counts, sentence) => {
  expect(describeFailingDomains(counts)).toBe(sentence);
});
