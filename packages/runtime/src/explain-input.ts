import type { z } from "zod";

type Issue = z.core.$ZodRawIssue;

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

const FORMATS: Readonly<Record<string, string>> = {
  uuid: "It must be an id (UUID).",
  email: "It must be a mail address.",
  url: "It must be a web address.",
  datetime: "It must be a time in UTC, such as 2026-05-01T12:00:00Z.",
  date: "It must be a day, such as 2026-05-01.",
  ipv4: "It must be an IPv4 address.",
  ipv6: "It must be an IPv6 address.",
};

/** What is wrong with one field of a request, in a sentence without its name. Shapes with a sentence of their own keep it. */
export function explainInput(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? "It is missing."
        : `It must be ${KINDS[issue.expected] ?? "of another kind"}.`;
    case "invalid_value":
      return `It must be ${listWords(issue.values.map(String))}.`;
    case "too_small":
      return explainSize(issue.origin, issue.minimum, "at least");
    case "too_big":
      return explainSize(issue.origin, issue.maximum, "at most");
    case "invalid_format":
      return FORMATS[issue.format] ?? "It does not have the right form.";
    case "not_multiple_of":
      return `It must be a multiple of ${issue.divisor}.`;
    case "unrecognized_keys":
      return `There is no field named ${listWords(issue.keys.map((key) => key.slice(0, 100)))} here.`;
    default:
      return "It does not have the right form.";
  }
}

function explainSize(origin: string, limit: number | bigint, word: "at least" | "at most"): string {
  const isOne = Number(limit) === 1;
  if (origin === "string" && isOne && word === "at least") return "It is empty.";
  if (origin === "string") return `It must have ${word} ${limit} ${isOne ? "character" : "characters"}.`;
  if (origin === "array" || origin === "set")
    return `It must have ${word} ${limit} ${isOne ? "entry" : "entries"}.`;
  return `It must be ${word} ${limit}.`;
}

function listWords(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}
