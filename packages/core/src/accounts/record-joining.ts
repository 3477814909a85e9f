import { readRole } from "@waxseal/contract";
import { type ContextSource, createContext } from "../context.ts";
import { recordEvent } from "../record-event.ts";

/** Writes into the audit log that a person accepted an invitation; the sign-in library has made them a member. */
export async function recordJoining(
  source: ContextSource,
  accountId: string,
  user: { id: string; name: string; email: string },
  role: string,
): Promise<void> {
  const ctx = createContext(
    source,
    accountId,
    { kind: "user", id: user.id, name: user.name },
    readRole(role),
  );
  await ctx.inTransaction((db) => recordEvent(db, ctx, "member.joined", { email: user.email, role }));
}
