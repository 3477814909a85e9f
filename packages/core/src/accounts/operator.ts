import type { Actor } from "../context.ts";

/** Whoever runs commands on the machine itself. */
export const OPERATOR: Actor = { kind: "operator", id: "cli", name: "Operator" };
