import { type EventKind, QuarantineReason } from "@waxseal/contract";
import { formatInstant } from "@waxseal/contract/format-instant";
import { explainQuarantine } from "../reports/reading/explain-quarantine.ts";

type Data = Readonly<Record<string, unknown>>;

/** What an event says in words. Unknown kinds and missing data give a plain sentence, never an error. */
export function describeEvent(kind: string, data: Data): string {
  const wording: ((data: Data) => string) | undefined = isEventKind(kind) ? WORDINGS[kind] : undefined;
  return wording ? tidy(wording(data)) : "Something else was changed.";
}

const WORDINGS: Record<EventKind, (data: Data) => string> = {
  "account.created": (data) => `Account ${text(data.name)} was created.`,
  "account.renamed": (data) => `The account ${text(data.before)} is now called ${text(data.after)}.`,
  "account.closing": () => "The account will be deleted after MTA-STS is off for its domains.",
  "account.keptOpen": () => "The account is kept. Domains that were leaving because of it are restored.",
  "account.twoFactorChanged": (data) =>
    data.required === true
      ? "All members of the account must sign in with two-factor."
      : "Two-factor sign-in is optional again.",
  "customer.created": (data) => `Customer ${text(data.name)} was created.`,
  "customer.changed": (data) => `Customer ${text(data.name)} was changed.`,
  "member.invited": (data) =>
    `Invited ${text(data.email)} ${data.again === true ? "again " : ""}as ${text(data.role)}.`,
  "invitation.revoked": (data) => `The invitation of ${text(data.email)} was revoked.`,
  "member.joined": (data) => `New member ${text(data.email)} joined as ${text(data.role)}.`,
  "member.roleChanged": (data) =>
    `Member ${text(data.email)} was ${text(data.before)} and is now ${text(data.after)}.`,
  "member.removed": (data) => `Member ${text(data.email)} was removed.`,
  "member.twoFactorChanged": (data) =>
    `Member ${text(data.email)} turned two-factor ${data.enabled === true ? "on" : "off"}.`,
  "member.passwordChanged": (data) => `Member ${text(data.email)} set a new password.`,
  "member.emailChanged": (data) => `Member ${text(data.before)} now has the address ${text(data.email)}.`,
  "member.recoveryCodesRenewed": (data) => `Member ${text(data.email)} made new recovery codes.`,
  "member.recoveryCodeUsed": (data) =>
    `Member ${text(data.email)} signed in with a recovery code. ${text(data.left)} are left.`,
  "member.twoFactorResetAsked": (data) =>
    `A reset of the second factor of ${text(data.email)} was requested by ${text(data.by)}.`,
  "member.twoFactorResetCanceled": (data) =>
    `The reset of the second factor of ${text(data.email)} was canceled: it was used.`,
  "member.twoFactorReset": (data) => `The second factor of ${text(data.email)} was reset.`,
  "member.passkeyAdded": (data) => `Member ${text(data.email)} added the passkey ${text(data.name)}.`,
  "member.passkeyRemoved": (data) => `Member ${text(data.email)} removed the passkey ${text(data.name)}.`,
  "sso.changed": (data) =>
    `Single sign-on is by ${text(data.issuer)} for ${list(data.domains)}${data.isRequired === true ? ", and required" : ""}.`,
  "sso.failed": describeSsoFailure,
  "sso.removed": (data) => `Single sign-on by ${text(data.issuer)} was removed.`,
  "apiKey.created": (data) => `API key ${text(data.name)} was created.`,
  "apiKey.deleted": (data) => `API key ${text(data.name)} was deleted.`,
  "domain.added": (data) => `Domain ${text(data.domain)} was added.`,
  "domain.claimed": () => "The domain's DNS points to this account.",
  "domain.active": () => "The domain is active: certificate, policy and record are in place.",
  "domain.leaving": () => "MTA-STS is being turned off: mode none is published, and we still answer.",
  "domain.left": () => "MTA-STS is off. You can delete the domain's CNAMEs.",
  "domain.restored": () =>
    "MTA-STS is no longer being turned off: the domain's last policy is back, an enforced one in mode testing.",
  "domain.removed": (data) =>
    `Domain ${text(data.domain)} was deleted with its policies and reports. Its token is never used again.`,
  "domain.shared": () => "A link to the DNS instructions was created; an older one no longer works.",
  "domain.unshared": () => "The link to the DNS instructions was revoked.",
  "setup.changed": describeSetupChange,
  "mx.changed": (data) => `The MX hosts are now ${list(data.mxHosts) || "none"}.`,
  "policy.created": (data) =>
    `Policy version ${text(data.version)} was made${data.restoredVersion ? ` as version ${text(data.restoredVersion)} was` : ""}: mode ${text(data.mode)}${modeBefore(data)}, ${list(data.mx)}.${describeConsent(data)}`,
  "policy.published": (data) =>
    `Policy version ${text(data.version)} is published${data.policyId ? ` with id ${text(data.policyId)}` : ""}.`,
  "policy.publishFailed": (data) => `The policy could not be published. ${text(data.problem)}`.trim(),
  "policy.held": (data) => `Policy version ${text(data.version)} is not published. ${text(data.problem)}`,
  "certificate.orderStarted": (data) => `A certificate for ${text(data.host)} was ordered.`,
  "certificate.issued": (data) =>
    `A certificate for ${text(data.host)} was issued${data.notAfter ? `, good until ${instant(data.notAfter)}` : ""}.`,
  "certificate.failed": (data) =>
    `The certificate for ${text(data.host)} could not be issued. ${text(data.detail)}`,
  "certificate.stopped": (data) => `The certificate of ${text(data.host)} is not renewed any more.`,
  "report.received": (data) => `A report came in${data.reporter ? ` from ${text(data.reporter)}` : ""}.`,
  "report.quarantined": (data) => `A message could not be used${quarantineTitle(data.reason)}.`,
  "quarantine.reparsed": (data) => `The quarantine is being reprocessed: ${text(data.messages)} messages.`,
  "retention.changed": (data) =>
    `Messages are kept ${text(data.rawDays)} days now, reports and figures ${text(data.dailyDays)} days.`,
  "sheet.created": (data) =>
    `A link to DNS instructions was created for ${text(data.subject)}${data.mailedTo ? ` and mailed to ${text(data.mailedTo)}` : ""}; it works until ${instant(data.expiresAt)}.`,
  "sheet.ended": (data) => `The link to DNS instructions for ${text(data.subject)} was revoked.`,
  "brand.changed": (data) =>
    `The brand is now the name ${text(data.name)}, ${data.logo ? "a logo" : "no logo"}, ${data.color ? `the colour ${text(data.color)}` : "no colour"} and ${data.senderName ? `the sender name ${text(data.senderName)}` : "no sender name"}.`,
  "brand.hostChanged": (data) => `The own host ${text(data.host)} ${HOST_STATES[String(data.state)] ?? ""}.`,
  "domain.tagged": (data) =>
    `The tags are now ${list(data.tags) || "none"} (they were ${list(data.before) || "none"}).`,
  "savedFilter.created": (data) => `The filter ${text(data.name)} was saved.`,
  "savedFilter.removed": (data) => `The saved filter ${text(data.name)} was deleted.`,
  "policyChange.prepared": (data) =>
    `A change to the policies of ${text(data.domains)} domains was prepared: ${text(data.summary)}.`,
  "incident.changed": (data) => `An alert was ${text(data.what)}.`,
  "channel.added": (data) => `The channel ${text(data.name)} was added.`,
  "channel.changed": (data) => `The channel ${text(data.name)} was changed.`,
  "channel.removed": (data) => `The channel ${text(data.name)} was removed.`,
  "monthlyReport.addressAdded": (data) => `The monthly report is mailed to ${text(data.email)}.`,
  "monthlyReport.addressRemoved": (data) => `The monthly report is no longer mailed to ${text(data.email)}.`,
  "monthlyReport.customersChanged": (data) =>
    data.isOn
      ? "The owners of each customer get its monthly report by mail."
      : "Customers get no monthly report by mail.",
  "policyChange.continued": (data) =>
    `Wave ${text(data.wave)} of ${text(data.waves)} of a change to many policies began; ${text(data.waiting)} domains were waiting.`,
  "policyChange.stopped": (data) =>
    `A change to many policies was stopped; ${text(data.stopped)} domains keep theirs. ${text(data.haltReason)}`.trim(),
};

const RECORD_NAMES: Record<string, string> = {
  policyHost: "at mta-sts",
  stsRecord: "at _mta-sts",
  tlsRptRecord: "at _smtp._tls",
};

/** What a person agreed to when they enforced a policy that could hold mail back. */
function describeConsent({ acknowledged, uncoveredMxHosts }: Data): string {
  const hosts = uncoveredMxHosts ? ` Agreed to: mail to ${list(uncoveredMxHosts)} is held back.` : "";
  if (!Array.isArray(acknowledged) || acknowledged.length === 0) return hosts;
  const [noun, was] = acknowledged.length === 1 ? ["reason", "was"] : ["reasons", "were"];
  return `${hosts} ${acknowledged.length} ${noun} against enforcing ${was} acknowledged.`;
}

function describeSetupChange(data: Data): string {
  const record = `The CNAME ${RECORD_NAMES[text(data.record)] ?? "for the setup"}`;
  const seen = data.seen ? ` It points to ${text(data.seen)}.` : "";
  switch (data.to) {
    case "correct":
      return `${record} is correct.`;
    case "wrong":
      return `${record} is wrong.${seen}`;
    case "missing":
      return `${record} is missing.`;
    case "unreachable":
      return `${record} could not be checked: the DNS did not answer.`;
    default:
      return `${record} has not been checked yet.`;
  }
}

/** The code is what the person who could not sign in was shown, and passes on. */
function describeSsoFailure(data: Data): string {
  const code = /^S-\d\d$/.test(text(data.code)) ? ` (${text(data.code)})` : "";
  const detail = text(data.detail);
  return `A single sign-on failed${code}${detail ? `: ${detail}` : "."}`;
}

function modeBefore({ before, mode }: Data): string {
  if (typeof before !== "object" || before === null || !("mode" in before)) return "";
  return before.mode === mode ? "" : ` (it was ${text(before.mode)})`;
}

/** Closes the gaps that missing data leaves. */
function tidy(sentence: string): string {
  return sentence
    .replace(/\s+/g, " ")
    .replace(/ ([.:,])/g, "$1")
    .trim();
}

function isEventKind(kind: string): kind is EventKind {
  return Object.hasOwn(WORDINGS, kind);
}

function text(value: unknown): string {
  if (typeof value === "string") return value.slice(0, 500);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** "an unknown time" for a value that is not an instant. */
function instant(value: unknown): string {
  const at = new Date(text(value));
  return Number.isNaN(at.getTime()) ? "an unknown time" : formatInstant(at);
}

function quarantineTitle(value: unknown): string {
  const { data: reason } = QuarantineReason.safeParse(value);
  return reason ? `: ${explainQuarantine(reason, null).title}` : "";
}

function list(value: unknown): string {
  if (!Array.isArray(value)) return text(value);
  return value
    .slice(0, 20)
    .map((item: unknown) =>
      text(typeof item === "object" && item !== null && "mxHost" in item ? item.mxHost : item),
    )
    .join(", ");
}

const HOST_STATES: Readonly<Record<string, string>> = {
  waiting: "was set; its DNS records are awaited",
  active: "is held: both DNS records are there, and its certificate was ordered",
  lost: "was given up: its DNS records are gone",
  removed: "was removed",
};
