import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Action, PERMISSIONS, ROLES, type Role } from "@waxseal/contract";
import { expect, test } from "vitest";
import { answerDeviceLogin } from "./accounts/answer-device-login.ts";
import { changeCustomer } from "./accounts/change-customer.ts";
import { changeMemberRole } from "./accounts/change-member-role.ts";
import { createApiKey } from "./accounts/create-api-key.ts";
import { createCustomer } from "./accounts/create-customer.ts";
import { deleteApiKey } from "./accounts/delete-api-key.ts";
import { inviteMember } from "./accounts/invite-member.ts";
import { removeMember } from "./accounts/remove-member.ts";
import { renameAccount } from "./accounts/rename-account.ts";
import { resendInvitation } from "./accounts/resend-invitation.ts";
import { resetMemberTwoFactor } from "./accounts/reset-two-factor.ts";
import { revokeInvitation } from "./accounts/revoke-invitation.ts";
import { setTwoFactorRule } from "./accounts/set-two-factor-rule.ts";
import { acknowledgeIncident, noteIncident, snoozeIncident } from "./alerting/change-incident.ts";
import { addChannel, changeChannel, removeChannel, rotateChannelSecret } from "./alerting/manage-channels.ts";
import { resendNotification, tryChannel } from "./alerting/try-channel.ts";
import { AppError } from "./app-error.ts";
import { removeLogo, setBrand, setLogo } from "./brand/set-brand.ts";
import { closeAccount } from "./closing/close-account.ts";
import { exportAccount } from "./closing/export-account.ts";
import { getClosing } from "./closing/get-closing.ts";
import { keepAccount } from "./closing/keep-account.ts";
import { type Context, createContext } from "./context.ts";
import { revokeDomainShare } from "./domain-views/revoke-domain-share.ts";
import { shareDomain } from "./domain-views/share-domain.ts";
import { removeFilter, saveFilter } from "./domains/save-filter.ts";
import { tagDomains } from "./domains/tag-domains.ts";
import { createInstructionSheet } from "./instructions/create-instruction-sheet.ts";
import { endInstructionSheet } from "./instructions/end-instruction-sheet.ts";
import { addDomain } from "./onboarding/add-domain.ts";
import { addDomains } from "./onboarding/add-domains.ts";
import { removeBrandHost, setBrandHost } from "./onboarding/brand-host.ts";
import { checkDomain } from "./onboarding/check-domain.ts";
import { leaveDomain } from "./onboarding/leave-domain.ts";
import { previewDomains } from "./onboarding/preview-domains.ts";
import { removeDomain } from "./onboarding/remove-domain.ts";
import { restoreDomain } from "./onboarding/restore-domain.ts";
import { restoreLeavingDomain } from "./onboarding/restore-leaving-domain.ts";
import { assessPolicyChange } from "./policies/assess-policy-change.ts";
import { restorePolicyVersion } from "./policies/restore-policy-version.ts";
import { readPolicyForDomain, setPolicy } from "./policies/set-policy.ts";
import { continuePolicyChange } from "./policy-changes/continue-policy-change.ts";
import { preparePolicyChange } from "./policy-changes/prepare-policy-change.ts";
import { revertPolicyChange } from "./policy-changes/revert-policy-change.ts";
import { stopPolicyChange } from "./policy-changes/stop-policy-change.ts";
import {
  addMonthlyRecipient,
  removeMonthlyRecipient,
  setMonthlyToCustomers,
} from "./portfolio/monthly-recipients.ts";
import { tagChosenDomains } from "./portfolio/tag-chosen-domains.ts";
import { importReports } from "./reports/processing/import-report.ts";
import { reparseMessage } from "./reports/processing/reparse-message.ts";
import { reparseQuarantine } from "./reports/processing/reparse-quarantine.ts";
import { getRetention } from "./reports/retention/get-retention.ts";
import { setRetention } from "./reports/retention/set-retention.ts";
import { getSso } from "./sso/get-sso.ts";
import { removeSso } from "./sso/remove-sso.ts";
import { setSso } from "./sso/set-sso.ts";

/** Thrown by the first call to the database or to anything else outside. */
class Reached extends Error {}

/** Stands for any dependency: what it has is like it, and the first call throws `Reached`, so nothing ever reads a value of the type. */
function outOfReach<T extends object>(): T {
  return new Proxy(
    Object.assign(() => undefined, Object.create(null)),
    {
      get: () => outOfReach(),
      apply: () => {
        throw new Reached();
      },
    },
  );
}

const now = () => new Date("2026-03-15T06:00:00Z");
const id = "a1";
const signedInAt = now();
const policy = { mode: "testing", mx: ["mx.example.com"], maxAgeSeconds: 86_400 } as const;
const instant = "2026-03-16T06:00:00Z";

/** Every verb that asks for a permission, by its action and its file. */
const VERBS: [action: Action, file: string, call: (ctx: Context) => Promise<unknown>][] = [
  ["customers.manage", "change-customer", (ctx) => changeCustomer(ctx, { customerId: id, name: "New" })],
  ["members.manage", "change-member-role", (ctx) => changeMemberRole(ctx, { userId: id, role: "viewer" })],
  [
    "apiKeys.manage",
    "answer-device-login",
    (ctx) => answerDeviceLogin(ctx, { userCode: "BCDF-GHJK", allowedScope: "admin" }),
  ],
  ["apiKeys.manage", "create-api-key", (ctx) => createApiKey(ctx, { name: "Key" })],
  ["customers.manage", "create-customer", (ctx) => createCustomer(ctx, { name: "Customer" })],
  ["apiKeys.manage", "delete-api-key", (ctx) => deleteApiKey(ctx, { apiKeyId: id })],
  [
    "members.manage",
    "invite-member",
    (ctx) => inviteMember(ctx, { email: "new@people.example", role: "viewer" }, outOfReach()),
  ],
  ["members.manage", "remove-member", (ctx) => removeMember(ctx, { userId: id })],
  ["account.manage", "rename-account", (ctx) => renameAccount(ctx, { name: "New name" })],
  ["members.manage", "resend-invitation", (ctx) => resendInvitation(ctx, { invitationId: id }, outOfReach())],
  [
    "members.resetFactor",
    "reset-two-factor",
    (ctx) => resetMemberTwoFactor(ctx, { userId: id, signedInAt }, outOfReach()),
  ],
  ["members.manage", "revoke-invitation", (ctx) => revokeInvitation(ctx, { invitationId: id })],
  ["account.manage", "set-two-factor-rule", (ctx) => setTwoFactorRule(ctx, { required: false })],
  ["alerts.acknowledge", "change-incident", (ctx) => acknowledgeIncident(ctx, { incidentId: id })],
  ["alerts.acknowledge", "change-incident", (ctx) => snoozeIncident(ctx, { incidentId: id, until: instant })],
  ["alerts.acknowledge", "change-incident", (ctx) => noteIncident(ctx, { incidentId: id, note: "Seen" })],
  [
    "alerts.manage",
    "manage-channels",
    (ctx) =>
      addChannel(ctx, outOfReach(), {
        ...{ kind: "webhook", name: "Hook", target: "https://hooks.example/a" },
        ...{ minSeverity: "warning", match: {} },
      }),
  ],
  [
    "alerts.manage",
    "manage-channels",
    (ctx) => changeChannel(ctx, outOfReach(), { channelId: id, isEnabled: false }),
  ],
  ["alerts.manage", "manage-channels", (ctx) => removeChannel(ctx, { channelId: id })],
  ["alerts.manage", "manage-channels", (ctx) => rotateChannelSecret(ctx, outOfReach(), { channelId: id })],
  [
    "alerts.manage",
    "monthly-recipients",
    (ctx) =>
      addMonthlyRecipient(
        ctx,
        { secretBox: outOfReach(), queueMail: outOfReach(), publicUrl: "https://waxseal.example" },
        { email: "a@people.example" },
      ),
  ],
  ["alerts.manage", "monthly-recipients", (ctx) => removeMonthlyRecipient(ctx, { id })],
  ["customers.manage", "monthly-recipients", (ctx) => setMonthlyToCustomers(ctx, { toCustomers: true })],
  ["alerts.manage", "try-channel", (ctx) => tryChannel(ctx, outOfReach(), { channelId: id })],
  ["alerts.manage", "try-channel", (ctx) => resendNotification(ctx, { notificationId: id })],
  ["account.close", "close-account", (ctx) => closeAccount(ctx, { name: "A", signedInAt }, outOfReach())],
  ["account.export", "export-account", (ctx) => exportAccount(ctx)],
  ["account.read", "get-closing", (ctx) => getClosing(ctx)],
  ["account.close", "keep-account", (ctx) => keepAccount(ctx, outOfReach())],
  ["domains.change", "revoke-domain-share", (ctx) => revokeDomainShare(ctx, { domainId: id })],
  ["domains.change", "share-domain", (ctx) => shareDomain(ctx, { domainId: id })],
  [
    "domains.change",
    "save-filter",
    (ctx) => saveFilter(ctx, { page: "domains", name: "Failing", search: {} }),
  ],
  ["domains.change", "save-filter", (ctx) => removeFilter(ctx, { filterId: id })],
  [
    "domains.change",
    "tag-chosen-domains",
    (ctx) => tagChosenDomains(ctx, { domainIds: [id], add: ["a"], remove: [] }),
  ],
  ["domains.change", "tag-domains", (ctx) => tagDomains(ctx, { domainIds: [id], add: ["a"], remove: [] })],
  [
    "domains.change",
    "create-instruction-sheet",
    (ctx) => createInstructionSheet(ctx, { only: "missing", expiresInDays: 7 }, outOfReach()),
  ],
  ["domains.change", "end-instruction-sheet", (ctx) => endInstructionSheet(ctx, { sheetId: id })],
  ["account.manage", "set-brand", (ctx) => setBrand(ctx, { name: "Brand" })],
  ["account.manage", "set-brand", (ctx) => setLogo(ctx, { image: "" })],
  ["account.manage", "set-brand", (ctx) => removeLogo(ctx)],
  ["domains.change", "add-domain", (ctx) => addDomain(ctx, { domain: "example.com" }, outOfReach())],
  [
    "domains.change",
    "add-domains",
    (ctx) => addDomains(ctx, { items: [{ domain: "example.com" }] }, outOfReach()),
  ],
  [
    "account.manage",
    "brand-host",
    (ctx) =>
      setBrandHost(ctx, { host: "mail.example.com" }, { publicUrl: "", hostedZone: "", reportsDomain: "" }),
  ],
  ["account.manage", "brand-host", (ctx) => removeBrandHost(ctx)],
  ["domains.change", "check-domain", (ctx) => checkDomain(ctx, { domainId: id }, outOfReach())],
  ["domains.leave", "leave-domain", (ctx) => leaveDomain(ctx, { domainId: id })],
  ["domains.change", "preview-domains", (ctx) => previewDomains(ctx, { text: "example.com" }, outOfReach())],
  ["domains.leave", "remove-domain", (ctx) => removeDomain(ctx, { domainId: id })],
  ["domains.leave", "restore-domain", (ctx) => restoreDomain(ctx, { domainId: id })],
  ["domains.leave", "restore-leaving-domain", (ctx) => restoreLeavingDomain(ctx, { domainId: id })],
  [
    "policies.publish",
    "assess-policy-change",
    (ctx) => assessPolicyChange(ctx, { domainId: id, policy }, outOfReach()),
  ],
  [
    "policies.publish",
    "restore-policy-version",
    (ctx) => restorePolicyVersion(ctx, { domainId: id, version: 1 }, outOfReach()),
  ],
  ["policies.publish", "set-policy", (ctx) => setPolicy(ctx, { domainId: id, ...policy }, outOfReach())],
  ["policies.publish", "set-policy", (ctx) => readPolicyForDomain(ctx, { domainId: id, ...policy })],
  [
    "policies.publish",
    "continue-policy-change",
    (ctx) => continuePolicyChange(ctx, { changeId: id, limit: 1 }, outOfReach()),
  ],
  [
    "policies.publish",
    "prepare-policy-change",
    (ctx) =>
      preparePolicyChange(ctx, { edit: { mode: "testing", addMx: [], removeMx: [] }, domainIds: [id] }),
  ],
  ["policies.publish", "revert-policy-change", (ctx) => revertPolicyChange(ctx, { changeId: id })],
  ["policies.publish", "stop-policy-change", (ctx) => stopPolicyChange(ctx, { changeId: id })],
  ["reports.change", "import-report", (ctx) => importReports(ctx, [])],
  ["reports.change", "reparse-message", (ctx) => reparseMessage(ctx, { messageId: id })],
  ["reports.change", "reparse-quarantine", (ctx) => reparseQuarantine(ctx, { limit: 1 })],
  ["account.read", "get-retention", (ctx) => getRetention(ctx)],
  ["account.manage", "set-retention", (ctx) => setRetention(ctx, { rawDays: 30, dailyDays: 400 })],
  ["sso.manage", "get-sso", (ctx) => getSso(ctx, { publicUrl: "https://waxseal.example" })],
  ["sso.manage", "remove-sso", (ctx) => removeSso(ctx)],
  ["sso.manage", "set-sso", (ctx) => setSso(ctx, outOfReach(), outOfReach())],
];

/** Whether a role is refused before anything outside is reached. */
async function isRefused(call: (ctx: Context) => Promise<unknown>, role: Role): Promise<boolean> {
  const reach = () => Promise.reject(new Reached());
  const actor = { kind: "user", id: "u1", name: "Ann" } as const;
  const source = { db: outOfReach<Context["db"]>(), now };
  const ctx = { ...createContext(source, id, actor, role), reports: outOfReach<Context["reports"]>() };
  try {
    await call({ ...ctx, inTransaction: reach });
  } catch (error) {
    return error instanceof AppError && error.code === "forbidden";
  }
  return false;
}

test.each(VERBS)("only roles with %s get past the first line of %s", async (action, _file, call) => {
  const refused = [];
  for (const role of ROLES) if (await isRefused(call, role)) refused.push(role);
  const allowed: readonly Role[] = PERMISSIONS[action];
  expect(refused).toEqual(ROLES.filter((role) => !allowed.includes(role)));
});

test("the table above names every verb that asks for a permission", () => {
  const folder = import.meta.dirname;
  const asked = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .flatMap((path) => {
      const calls = readFileSync(join(folder, path), "utf8").matchAll(/requirePermission\(ctx, "([^"]+)"\)/g);
      return [...calls].map(([, action]) => `${path.replace(/^.*\/|\.ts$/g, "")} ${action}`);
    });
  const known = new Set(VERBS.map(([action, file]) => `${file} ${action}`));
  expect(
    [...new Set(asked)].filter((one) => !known.has(one) && one !== "ensure-customers customers.manage"),
  ).toEqual([]);
});
