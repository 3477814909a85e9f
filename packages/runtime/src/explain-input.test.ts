import { expect, test } from "vitest";
import { z } from "zod";
import { explainInput } from "./explain-input.ts";

const explain = (shape: z.ZodType, input: unknown) =>
  shape.safeParse(input, { error: explainInput }).error?.issues.map(({ message }) => message);

test.each<[z.ZodType, unknown, string]>([
  [z.object({ a: z.string() }), {}, "It is missing."],
  [z.string(), 1, "It must be a text."],
  [z.coerce.number(), "x", "It must be a number."],
  [z.number().int(), 0.5, "It must be a whole number."],
  [z.boolean(), "yes", "It must be true or false."],
  [z.array(z.string()), {}, "It must be a list."],
  [z.record(z.string(), z.number()), [], "It must be an object."],
  [z.enum(["enforce", "testing", "none"]), "off", "It must be enforce, testing or none."],
  [z.literal(true), false, "It must be true."],
  [z.string().min(1), "", "It is empty."],
  [z.string().min(8), "x", "It must have at least 8 characters."],
  [z.string().max(1), "xy", "It must have at most 1 character."],
  [z.array(z.string()).max(2), ["a", "b", "c"], "It must have at most 2 entries."],
  [z.number().min(1), 0, "It must be at least 1."],
  [z.number().max(50), 51, "It must be at most 50."],
  [z.uuid(), "x", "It must be an id (UUID)."],
  [z.email(), "x", "It must be a mail address."],
  [z.iso.datetime(), "x", "It must be a time in UTC, such as 2026-05-01T12:00:00Z."],
  [z.iso.date(), "x", "It must be a day, such as 2026-05-01."],
  [z.string().regex(/^a$/), "x", "It does not have the right form."],
  [z.union([z.string(), z.number()]), null, "It does not have the right form."],
  [z.strictObject({ a: z.string() }), { a: "x", b: 1, c: 2 }, "There is no field named b or c here."],
  [z.string().regex(/^a$/, "Say a."), "x", "Say a."],
])("a refused input is explained without words of the validator: %#", (shape, input, sentence) => {
  expect(explain(shape, input)).toEqual([sentence]);
});
