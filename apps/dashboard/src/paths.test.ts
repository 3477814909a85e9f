import { expect, test } from "vitest";
import { paths } from "./paths.ts";

test("addresses stay what people have bookmarked", () => {
  const domainId = "0d9f";
  expect(
    Object.fromEntries(
      Object.entries(paths).map(([name, path]) => [name, path({ domainId, reportId: "7a1c" })]),
    ),
  ).toMatchInlineSnapshot(`
    {
      "activity": "/domains/0d9f/activity",
      "addDomain": "/domains/new",
      "checkMail": "/check-mail",
      "domain": "/domains/0d9f",
      "domainReports": "/domains/0d9f/reports",
      "domains": "/domains",
      "policy": "/domains/0d9f/policy",
      "quarantine": "/quarantine",
      "report": "/reports/7a1c",
      "reportList": "/reports/list",
      "reports": "/reports",
      "settings": "/settings",
      "signIn": "/sign-in",
      "signUp": "/sign-up",
      "turnOff": "/domains/0d9f/turn-off",
    }
  `);
});
