export { type Database, isUniqueViolation, openDatabase, type Transaction } from "./database.ts";
export { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";
export { Prisma } from "./generated/client.ts";
export * as schema from "./generated/enums.ts";
export { listen } from "./listen.ts";
export { migrate } from "./migrate.ts";
