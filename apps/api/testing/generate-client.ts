import openapiTS, { astToString } from "openapi-typescript";
import { factory, type PropertySignature, SyntaxKind } from "typescript";

/** Parts of the document that the types do not need; each edit of a description would change them. */
const LEFT_OUT = new Set(["description", "example", "examples", "headers", "summary", "title", "4XX", "5XX"]);
/** Interfaces that nothing of the client uses. */
const UNUSED = /^export (?:interface (?:paths|webhooks)|type (?:paths|webhooks|\$defs)\b)/;

/** The generated file of `@waxseal/client`: types of every operation and schema, and each operation's method and path. */
export async function generateClient(document: unknown): Promise<string> {
  const nodes = await openapiTS(JSON.stringify(leaveOut({ ...Object(document), webhooks: undefined }, "")), {
    immutable: true,
    alphabetize: true,
    defaultNonNullable: false,
    transformProperty: openOptional,
    silent: true,
  });
  const types = nodes.map((node) => astToString(node)).filter((text) => !UNUSED.test(text));
  return `// Made from the OpenAPI document by apps/api/testing/generate-client.ts; a test compares it, and writes it with vitest -u.\n${types.join("")}\n${formatTable(document)}`;
}

/** A field that may be absent may also be undefined, under `exactOptionalPropertyTypes` too: what a program leaves open is not sent. */
function openOptional(property: PropertySignature): PropertySignature {
  const { modifiers, name, questionToken, type } = property;
  if (!questionToken || !type) return property;
  const open = factory.createUnionTypeNode([
    type,
    factory.createKeywordTypeNode(SyntaxKind.UndefinedKeyword),
  ]);
  return factory.updatePropertySignature(property, modifiers, name, questionToken, open);
}

function leaveOut(value: unknown, parent: string): unknown {
  if (Array.isArray(value)) return value.filter((one) => !namesAccount(one)).map((one) => leaveOut(one, ""));
  if (typeof value !== "object" || value === null) return value;
  const isFields = parent === "properties" || parent === "schemas";
  const kept = Object.entries(value).filter(([key]) => isFields || !LEFT_OUT.has(key));
  return Object.fromEntries(kept.map(([key, part]) => [key, leaveOut(part, isFields ? "" : key)]));
}

/** The client sends the account with every request. */
function namesAccount(value: unknown): boolean {
  const { in: place, name } = Object(value);
  return place === "header" || (place === "query" && name === "account");
}

function formatTable(document: unknown): string {
  const lines = Object.entries(Object(Object(document).paths)).flatMap(([path, item]) =>
    Object.entries(Object(item)).map(
      ([method, operation]) => `  ${Object(operation).operationId}: "${method.toUpperCase()} ${path}",\n`,
    ),
  );
  return `/** Method and path of each operation. */\nexport const OPERATIONS = {\n${lines.sort().join("")}} as const satisfies Record<keyof operations, string>;\n`;
}
