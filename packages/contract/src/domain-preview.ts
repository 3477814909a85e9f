import { z } from "zod";
import { ExternalId } from "./customer-shapes.ts";
import { Id, SetupRecordView } from "./domain-shapes.ts";
import { PROBLEM_REASON_NAMES } from "./problem-reasons.ts";

/** `POST /domains/preview`: one domain a line, as pasted or as a CSV file with the columns domain and customer. */
export const DomainPreviewBody = z
  .object({ text: z.string().max(250_000).describe("At most 1,000 lines") })
  .meta({ id: "PastedDomains" });

const customer = z
  .string()
  .nullable()
  .describe("The customer whose account it goes to; null: this account itself");

/** What would become of each line; nothing has been added. */
export const DomainPreviewView = z
  .object({
    items: z.array(
      z.object({
        line: z.int().describe("Counted from 1, empty lines too"),
        text: z.string(),
        domain: z.string().nullable().describe("As it would be added"),
        customer,
        problem: z.string().nullable().describe("Why the line is refused"),
      }),
    ),
    newCustomers: z.array(z.string()).describe("Named in lines without a problem, and to be made first"),
  })
  .meta({ id: "DomainPreview" });

/** `POST /domains/bulk` */
export const BulkAddBody = z
  .object({
    items: z
      .array(
        z.object({
          domain: z.string().max(1_000),
          customer: z
            .string()
            .max(100)
            .nullable()
            .optional()
            .describe("By name; a name that several customers have is refused"),
          customerExternalId: ExternalId.optional().describe(
            "The customer by your own name for it; wins over `customer`",
          ),
        }),
      )
      .min(1)
      .max(25),
    createCustomers: z
      .boolean()
      .optional()
      .describe("true: make the customers that do not exist; otherwise their lines are refused"),
    ask: z
      .boolean()
      .optional()
      .describe("true: refuse domains that do not exist, receive no mail or look like a host"),
  })
  .meta({ id: "BulkAdd" });

/** What became of each domain, in the order asked. Asking again is safe. */
export const BulkAddView = z
  .object({
    items: z.array(
      z.object({
        domain: z.string(),
        customer,
        accountId: z.string().nullable().describe("The account that it is in"),
        outcome: z.enum(["added", "present", "refused"]).describe("present: it was there already"),
        reason: z
          .enum(PROBLEM_REASON_NAMES)
          .nullable()
          .describe("Why it was refused, as in problem documents"),
        problem: z.string().nullable().describe("Why it was refused, in words"),
        domainId: Id.nullable(),
        setup: z
          .array(SetupRecordView.pick({ kind: true, type: true, name: true, target: true }))
          .describe("The three CNAMEs to publish; none when it was refused"),
      }),
    ),
  })
  .meta({ id: "BulkAdded" });
