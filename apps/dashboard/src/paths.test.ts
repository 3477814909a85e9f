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
          invitationToken: "9e",
          domain: "example.com",
          shareToken: "b5",
          sheetToken: "c6",
          changeId: "d7",
          incidentId: "e8",
        }),
      ]),
    ),
  ).toMatchInlineSnapshot(`
    {
      "activity": "/a/$account/domains/0d9f/activity",
      "addDomain": "/a/$account/domains/new",
      "addDomains": "/a/$account/domains/add-many",
      "alert": "/a/$account/alerts/e8",
      "alerts": "/a/$account/alerts",
      "audit": "/a/$account/audit",
      "check": "/check",
      "checkMail": "/check-mail",
      "checked": "/check/example.com",
      "confirmEmail": "/confirm-email",
      "customerReports": "/a/$account/customers/reports",
      "customers": "/a/$account/customers",
      "domain": "/a/$account/domains/0d9f",
      "domainReports": "/a/$account/domains/0d9f/reports",
      "domains": "/a/$account/domains",
      "fetches": "/a/$account/domains/0d9f/fetches",
      "forgotPassword": "/forgot-password",
      "home": "/",
      "instructions": "/a/$account/instructions",
      "invitation": "/invitations/9e",
      "mxTest": "/a/$account/reports/mx-test",
      "newPolicyChange": "/a/$account/policy-changes/new",
      "noAccount": "/no-account",
      "notifications": "/a/$account/settings/notifications",
      "overview": "/a/$account",
      "policy": "/a/$account/domains/0d9f/policy",
      "policyChange": "/a/$account/policy-changes/d7",
      "policyChanges": "/a/$account/policy-changes",
      "portfolio": "/a/$account/customers/domains",
      "quarantine": "/a/$account/quarantine",
      "report": "/a/$account/reports/7a1c",
      "reportList": "/a/$account/reports/list",
      "reports": "/a/$account/reports",
      "resetPassword": "/reset-password",
      "settings": "/a/$account/settings",
      "setup": "/setup/b5",
      "sharedInstructions": "/instructions/c6",
      "signIn": "/sign-in",
      "signInCode": "/sign-in/code",
      "signInSso": "/sign-in/sso",
      "signUp": "/sign-up",
      "ssoRequired": "/a/$account/sso-required",
      "summary": "/a/$account/summary",
      "turnOff": "/a/$account/domains/0d9f/turn-off",
      "twoFactor": "/a/$account/two-factor",
    }
  `);
});
