import { Id, ProblemView } from "@waxseal/contract";
import { z } from "zod";

/** The path parameter of routes about one object. */
export const IdParams = z.object({ id: Id });

/** The error answers every route may give. RFC 9457 §3 */
export const PROBLEMS = { "4xx": ProblemView, "5xx": ProblemView } as const;

/** For `security` of a route that anyone may call. */
export const PUBLIC: { [scheme: string]: string[] }[] = [];

/** An answer of bytes, which no schema describes. */
export const RAW = z.unknown().describe("The bytes as they arrived");
