type Json = Record<string, unknown>;

const PREFIX = "#/components/schemas/";

/**
 * The OpenAPI document with only those named schemas that something refers to, by name. The generator makes an input and an
 * output variant of each; where only the input is used it gets the plain name.
 */
export function tidySchemas<T extends object>(document: T): T {
  const schemas = schemasOf(document);
  const used = new Set<string>();
  const visit = (value: unknown): void => {
    for (const name of findReferences(value)) {
      if (used.has(name)) continue;
      used.add(name);
      visit(schemas[name]);
    }
  };
  visit({ ...document, components: undefined });
  const newNames = new Map([...used].map((name) => [name, plainName(name, used)]));
  const kept = [...used]
    .map((name) => [newNames.get(name) ?? name, schemas[name]] as const)
    .sort(([a], [b]) => a.localeCompare(b));
  const components = "components" in document ? Object(document.components) : {};
  const tidied = { ...document, components: { ...components, schemas: Object.fromEntries(kept) } };
  return renameReferences(tidied, newNames);
}

function plainName(name: string, used: ReadonlySet<string>): string {
  const plain = name.replace(/Input$/, "");
  return used.has(plain) ? name : plain;
}

function findReferences(value: unknown): string[] {
  return [...JSON.stringify(value ?? null).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
    ([, name = ""]) => name,
  );
}

/** The document holds nothing but JSON, so that what was read back has its shape. */
function renameReferences<T>(document: T, newNames: ReadonlyMap<string, string>): T {
  return JSON.parse(JSON.stringify(document), (key, value: unknown) => {
    if (isClosedRecord(value)) return nameFields(value);
    if (key !== "$ref" || typeof value !== "string" || !value.startsWith(PREFIX)) return value;
    const name = value.slice(PREFIX.length);
    return PREFIX + (newNames.get(name) ?? name);
  }) as T;
}

type ClosedRecord = { required: string[]; additionalProperties: object };

/** What the generator makes of a record whose keys are known: all required, none described. */
function isClosedRecord(value: unknown): value is ClosedRecord {
  return (
    typeof value === "object" &&
    value !== null &&
    "required" in value &&
    Array.isArray(value.required) &&
    !("properties" in value) &&
    "additionalProperties" in value &&
    typeof value.additionalProperties === "object"
  );
}

function nameFields({ required, additionalProperties }: ClosedRecord): object {
  const properties = Object.fromEntries(required.map((name) => [name, additionalProperties]));
  return { type: "object", properties, required, additionalProperties: false };
}

function schemasOf(document: object): Json {
  const components: unknown = "components" in document ? document.components : undefined;
  const schemas =
    typeof components === "object" && components && "schemas" in components ? components.schemas : {};
  return { ...Object(schemas) };
}
