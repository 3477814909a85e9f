import { z } from "zod";

/** A tag by which a list is filtered, as stored or typed. */
export const TagFilter = z.string().max(40).optional().describe("Only domains with this tag");
