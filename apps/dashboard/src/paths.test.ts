import { expect, test } from "vitest";
import { paths } from "./paths.ts";

test("addresses stay what people have bookmarked", () => {
  const domainId = "0d9f";
  expect(
    Object.fromEntries(
      Object.entries(paths).map(([name, path]) => [
        name,
        path({
          domainId,
          reportId: "7a1c",
          invitationId: "9e",
          domain: "example.com",
          shareToken: "b5",
          sheetToken: "c6",
          changeId: "d7",
        }),
      ]),
    ),
  ).toMatchInlineSnapshot(`
    {
      "activity": "/domains/0d9f/activity",
      "addDomain": "/domains/new",
      "addDomains": "/domains/add-many",
      "audit": "/audit",
      "check": "/check",
      "checkMail": "/check-mail",
      "checked": "/check/example.com",
      "customers": "/customers",
      "domain": "/domains/0d9f",
      "domainReports": "/domains/0d9f/reports",
      "domains": "/domains",
      "fetches": "/domains/0d9f/fetches",
      "forgotPassword": "/forgot-password",
      "instructions": "/instructions",
      "invitation": "/invitations/9e",
      "newPolicyChange": "/policy-changes/new",
      "policy": "/domains/0d9f/policy",
      "policyChange": "/policy-changes/d7",
      "policyChanges": "/policy-changes",
      "portfolio": "/customers/domains",
      "quarantine": "/quarantine",
      "report": "/reports/7a1c",
      "reportList": "/reports/list",
      "reports": "/reports",
      "resetPassword": "/reset-password",
      "settings": "/settings",
      "setup": "/setup/b5",
      "sharedInstructions": "/instructions/c6",
      "signIn": "/sign-in",
      "signInCode": "/sign-in/code",
      "signInSso": "/sign-in/sso",
      "signUp": "/sign-up",
      "ssoRequired": "/sso-required",
      "turnOff": "/domains/0d9f/turn-off",
      "twoFactor": "/two-factor",
    }
  `);
});
