import { randomBytes, randomUUID } from "node:crypto";
import type { Organization, Transaction } from "@waxseal/db";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { recordEvent } from "../record-event.ts";

type Input = {
  name: string;
  parentId?: string | undefined;
  externalId?: string | undefined;
  ownerUserId?: string | undefined;
};

/**
 * Makes an account in the caller's transaction, with its owner when there is one yet. `ctx` says who and when; its account is another.
 * @throws AppError `invalid` – the name is empty or longer than 100 characters
 */
export async function insertAccount(db: Transaction, ctx: Context, input: Input): Promise<Organization> {
  const name = readAccountName(input.name);
  const [id, at] = [randomUUID(), ctx.now()];
  const account = await db.organization.create({
    data: {
      id,
      name,
      slug: newSlug(name),
      parentId: input.parentId ?? null,
      externalId: input.externalId ?? null,
      createdAt: at,
    },
  });
  if (input.ownerUserId !== undefined) await addOwner(db, account.id, input.ownerUserId, at);
  await recordEvent(db, { ...ctx, accountId: id }, "account.created", { name });
  return account;
}

/** An account's name on one line. @throws AppError `invalid` – nothing is left, or more than 100 characters are */
export function readAccountName(text: string): string {
  const name = text.replace(/\s+/g, " ").trim();
  if (name !== "" && name.length <= 100) return name;
  throw new AppError("invalid", "An account needs a name of 1 to 100 characters.", {
    fields: [{ path: "name", problem: "Enter 1 to 100 characters." }],
  });
}

async function addOwner(db: Transaction, accountId: string, userId: string, at: Date): Promise<void> {
  await db.member.create({
    data: { id: randomUUID(), organizationId: accountId, userId, role: "owner", createdAt: at },
  });
}

/** Names may repeat, slugs may not: a random end keeps them apart. */
function newSlug(name: string): string {
  const words = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  return `${words || "account"}-${randomBytes(4).toString("hex")}`;
}
