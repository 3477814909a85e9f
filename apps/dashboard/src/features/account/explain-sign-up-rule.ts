import type { SignUpView } from "../../api/contract.ts";
import { MIN_PASSWORD_LENGTH } from "./password-length.ts";

/** What the operator's rule means to a person who wants to sign up, before they type; undefined: nothing limits them. */
export function explainSignUpRule(
  { rule, domains }: SignUpView,
  { isInvited }: { isInvited: boolean },
): { isRefused: boolean; title: string; detail: string } | undefined {
  if (rule === "closed")
    return {
      isRefused: true,
      title: "Sign-up is closed",
      detail: "New people cannot sign up here. Ask the operator of this service for access.",
    };
  if (rule === "open" || isInvited) return undefined;
  if (rule === "invitation")
    return {
      isRefused: true,
      title: "Sign-up is by invitation",
      detail: "Open the link in your invitation mail, and use the address it was sent to.",
    };
  return {
    isRefused: false,
    title: "Sign-up is limited",
    detail: `Use an address at ${listDomains(domains)}, or open the link in your invitation mail.`,
  };
}

type Draft = { name: string; email: string; password: string };
type Problems = Partial<Record<keyof Draft | "emailDomain", string>>;

/** What is wrong with a sign-up, by field. `emailDomain` is reported as soon as the address is complete. */
export function findSignUpProblems({ name, email, password }: Draft, rule: SignUpView | undefined): Problems {
  const isAddress = /^\S+@\S+\.\S+$/.test(email.trim());
  const domain = email.trim().toLowerCase().split("@").at(-1) ?? "";
  const isForeign = rule?.rule === "domains" && !rule.domains.includes(domain);
  return {
    ...(name.trim() === "" && { name: "Enter your name." }),
    ...(!isAddress && { email: "Enter an email address such as you@example.com." }),
    ...(isAddress &&
      isForeign && { emailDomain: `Only addresses at ${listDomains(rule.domains)} can sign up here.` }),
    ...(password.length < MIN_PASSWORD_LENGTH && {
      password: `Use at least ${MIN_PASSWORD_LENGTH} characters.`,
    }),
  };
}

/** The first few of a long list. */
function listDomains(domains: readonly string[]): string {
  const shown = domains.slice(0, 5);
  const more = domains.length - shown.length;
  return `${shown.join(" or ")}${more > 0 ? ` or one of ${more} other domains` : ""}`;
}
