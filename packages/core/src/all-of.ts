import { Prisma } from "@waxseal/db";

/** One condition that holds when all of these hold; of none it is `true`. */
export function allOf(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? Prisma.sql`true` : Prisma.sql`(${Prisma.join([...conditions], " and ")})`;
}
