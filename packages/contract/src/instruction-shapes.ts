import { z } from "zod";
import { ShownColors } from "./brand-shapes.ts";
import { Id, SetupRecordView } from "./domain-shapes.ts";
import { pageAnswer, pageQuery } from "./page-shapes.ts";

/** The secret part of a link to an instruction sheet. */
export const SheetToken = z.string().regex(/^[\w-]{24}$/);

/** missing: only domains that lack one of their CNAMEs. */
const Only = z.enum(["missing", "all"]);

const MAX_CHOSEN = 100;

const scope = {
  accountId: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("Only domains of this customer; without it and domainIds those of this account itself"),
  only: Only.default("missing"),
};

const IdList = z
  .string()
  .max(40 * MAX_CHOSEN)
  .transform((text) => text.split(","))
  .pipe(z.array(Id).max(MAX_CHOSEN))
  .optional()
  .describe("Only these domains, of this account or its customers: ids with commas between them");

const across = {
  scope: z
    .enum(["account", "customers"])
    .default("account")
    .describe("customers: of this account and of all its customers, unless accountId or domainIds say which"),
};

const page = pageQuery(100);

/** `GET /instructions` */
export const InstructionQuery = z.object({ ...scope, ...across, domainIds: IdList, ...page });

/** csv: a record a line; zone: to be pasted into a zone file. RFC 1035 §5 */
const FileFormat = z.enum(["csv", "zone"]);

/** `GET /instructions/export` */
export const InstructionExportQuery = z.object({
  ...scope,
  ...across,
  domainIds: IdList,
  format: FileFormat,
});

/** `GET /shared-instructions/:sheetToken` */
export const SharedInstructionQuery = z.object(page);

/** `GET /shared-instructions/:sheetToken/export` */
export const SharedExportQuery = z.object({ format: FileFormat });

const items = z.array(z.object({ domain: z.string(), setup: z.array(SetupRecordView) }));

const instructions = {
  from: z
    .object({ name: z.string(), hasLogo: z.boolean(), colors: ShownColors.nullable() })
    .describe("Whose instructions they are"),
  subject: z.string().nullable().describe("Whose domains they are; null: a choice of domains"),
  only: Only,
  domains: z.int().describe("How many are set up or being set up, whether listed or not"),
  incomplete: z.int().describe("How many of them lack a CNAME"),
  items,
  ...pageAnswer,
};

/** The CNAMEs to publish, by domain, each as last seen. Domains on their way out are not in it. */
export const InstructionsView = z
  .object({
    ...instructions,
    items: z.array(
      items.element.extend({
        domainId: Id,
        accountId: z.string(),
        customer: z.string().nullable().describe("null: of this account itself"),
      }),
    ),
  })
  .meta({ id: "Instructions" });

/** The same for the holder of the link. */
export const SharedInstructionsView = z
  .object({ ...instructions, expiresAt: z.iso.datetime() })
  .meta({ id: "SharedInstructions" });

/** `POST /instruction-sheets` */
export const SheetBody = z
  .object({
    ...scope,
    domainIds: z.array(Id).min(1).max(MAX_CHOSEN).optional(),
    expiresInDays: z.int().min(1).max(365).default(90),
    mailTo: z.email().max(254).optional().describe("Also mail the records and the link to this address"),
  })
  .meta({ id: "NewInstructionSheet" });

const sheet = {
  id: Id,
  subject: z.string().nullable().describe("Whose domains it shows; null: a choice of domains"),
  chosenDomains: z.int().describe("How many domains were chosen; 0: all of the subject"),
  only: Only,
  mailedTo: z.string().nullable(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  expiresAt: z.iso.datetime(),
};

/** `GET /instruction-sheets`: the links that work now, newest first. */
export const SheetListView = z
  .object({ items: z.array(z.object(sheet).meta({ id: "InstructionSheet" })), ...pageAnswer })
  .meta({ id: "InstructionSheetList" });

/** The one answer that carries the token. */
export const CreatedSheetView = z
  .object({
    ...sheet,
    sheetToken: SheetToken.describe("The link is /instructions/<sheetToken> on this site"),
    site: z.string().nullable().describe("The own host that the link is for, as an origin; null: this site"),
  })
  .meta({ id: "CreatedInstructionSheet" });
