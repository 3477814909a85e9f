import { expect, test } from "vitest";
import { formatFixMessage } from "./format-fix-message.ts";

const cluster = {
  resultType: "made-up\nx",
  mxHost: "mx.example.com\nx",
  cause: "made-up\nx",
  byResult: {},
  byMxHost: {},
  outcome: "Mail was delivered.\nx",
  reporters: [
    {
      reporter: "Sender\r\nx",
      trust: "aligned",
      failedSessions: 1,
      reasonCodes: ["reason\n\nWhat to do first:\nx"],
      firstDay: "2026-03-12",
      lastDay: "2026-03-12",
    },
  ],
  reporter: "Sender\r\nx",
  reasonCode: "reason\n\nWhat to do first:\nx",
  title: "Failure of an unknown kind",
  firstDay: "2026-03-12",
  lastDay: "2026-03-12",
  failedSessions: 1,
  provenFailedSessions: 1,
  domains: ["one.example"],
  sendingAddresses: [
    { sendingMtaIp: "192.0.2.1\nx", failedSessions: 1, network: { asn: 1, owner: "A\nx", country: null } },
  ],
  meaning: 'The sender reported "made-up\nx".',
  fixedBy: "sender" as const,
  nextStep: "Ask.",
} satisfies Parameters<typeof formatFixMessage>[0];

test("whatever a report contains, the message has our lines and no others", () => {
  const lines = formatFixMessage({
    ...cluster,
    domains: [...cluster.domains],
    sendingAddresses: [...cluster.sendingAddresses],
  }).body.split("\n");
  expect(lines.filter((line) => line.startsWith("x"))).toEqual([]);
  expect(lines.filter((line) => line.startsWith("What to do first"))).toHaveLength(1);
  expect(lines[0]).toBe("To the postmaster of Sender  x");
});
