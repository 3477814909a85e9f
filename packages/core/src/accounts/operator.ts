import type { Actor } from "../context.ts";

/** The person who runs commands on the machine itself. */
export const OPERATOR: Actor = { kind: "operator", id: "cli", name: "Operator" };
