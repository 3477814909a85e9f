import type { Domain } from "@waxseal/db";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { listDomainQuestions, type MailSign } from "../domains/list-domain-questions.ts";
import { normalizeDomainInput } from "../domains/normalize-domain-input.ts";
import { type AddDomainDeps, addDomain } from "./add-domain.ts";

/** What adding a domain that a person named depends on. */
export type AddNamedDomainDeps = AddDomainDeps & {
  findMailSign(domain: string): Promise<MailSign>;
};

/**
 * Adds a domain as `addDomain` does, but asks first when it is probably not the one that was meant: it does not exist, receives no mail,
 * looks like a host, or is one typing mistake away from a domain of the account. Without `ask` it is added without a question; a domain that
 * has left is added too.
 *
 * @throws AppError `confirm_needed` – with the questions; otherwise as `addDomain`
 */
export async function addNamedDomain(
  ctx: Context,
  { domain, ask = false }: { domain: string; ask?: boolean | undefined },
  deps: AddNamedDomainDeps,
): Promise<Domain> {
  if (ask) await refuseDoubtful(ctx, domain, deps, { isAlone: true });
  return addDomain(ctx, { domain }, deps);
}

/**
 * Refuses a domain of a list for the same reasons, except that lists hold names that are alike.
 * @throws AppError `confirm_needed`
 */
export function askAboutListed(ctx: Context, domain: string, deps: AddNamedDomainDeps): Promise<void> {
  return refuseDoubtful(ctx, domain, deps, { isAlone: false });
}

async function refuseDoubtful(
  ctx: Context,
  text: string,
  deps: AddNamedDomainDeps,
  { isAlone }: { isAlone: boolean },
): Promise<void> {
  const meant = normalizeDomainInput(text, deps.settings);
  // What cannot be added is refused by `addDomain`, and what is here already is no mistake.
  if (!meant.ok) return;
  const { accountId, db } = ctx;
  const { domain } = meant;
  if ((await db.domain.count({ where: { accountId, domain } })) > 0) return;
  const [mail, others] = await Promise.all([
    deps.findMailSign(domain),
    isAlone
      ? db.domain.findMany({ where: { accountId, status: { not: "left" } }, select: { domain: true } })
      : [],
  ]);
  const questions = listDomainQuestions(
    domain,
    mail,
    others.map((other) => other.domain),
  );
  if (questions.length === 0) return;
  throw new AppError("confirm_needed", questions.map((question) => question.text).join(" "), { questions });
}
