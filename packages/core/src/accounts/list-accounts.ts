import type { Database } from "@waxseal/db";

/** Every account of the installation by name, with the provider that manages it; for the operator. */
export async function listAccounts({
  db,
}: {
  db: Database;
}): Promise<{ id: string; name: string; provider: string | null; createdAt: string }[]> {
  const rows = await db.organization.findMany({
    select: { id: true, name: true, parentId: true, createdAt: true },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  });
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return rows.map(({ id, name, parentId, createdAt }) => ({
    id,
    name,
    provider: parentId === null ? null : (names.get(parentId) ?? null),
    createdAt: createdAt.toISOString(),
  }));
}

/** Everyone who can sign in, by address; for the operator. */
export async function listUsers({
  db,
}: {
  db: Database;
}): Promise<{ id: string; email: string; name: string; createdAt: string }[]> {
  const rows = await db.user.findMany({
    select: { id: true, email: true, name: true, createdAt: true },
    orderBy: { email: "asc" },
  });
  return rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() }));
}
