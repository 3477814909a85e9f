import { z } from "zod";

/** `POST /domains/preview`: one domain a line, as pasted or as a CSV file whose first column names it. */
export const DomainPreviewBody = z
  .object({ text: z.string().max(60_000).describe("At most 1,000 lines") })
  .meta({ id: "PastedDomains" });

/** What would become of each line; nothing has been added. */
export const DomainPreviewView = z
  .object({
    items: z.array(
      z.object({
        line: z.int().describe("Counted from 1, empty lines too"),
        text: z.string(),
        domain: z.string().nullable().describe("As it would be added"),
        problem: z.string().nullable().describe("Why the line is refused"),
      }),
    ),
  })
  .meta({ id: "DomainPreview" });
