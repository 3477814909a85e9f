import { headingId, readMarkdown } from "@waxseal/contract/read-markdown";
import { renderBlocks, renderCode, renderTable, text } from "./render-html.ts";

type Json = Readonly<Record<string, unknown>>;

const METHODS = ["get", "post", "put", "patch", "delete"];
const SHAPES = "/api/docs/reference/shapes";

/** One page of the reference: its last part of the address, its title, and its HTML. */
export type ReferencePage = { slug: string; title: string; html: string; operations: readonly Operation[] };

/** An OpenAPI document as pages to read: one for each tag, and one for the shapes they share. */
export function renderReference(document: object): ReferencePage[] {
  const openapi = asJson(document);
  const operations = listOperations(openapi);
  const pages = list(openapi.tags).flatMap((tag): ReferencePage[] => {
    const { name, description } = asJson(tag);
    const own = operations.filter((operation) => operation.tag === name);
    if (own.length === 0) return [];
    const index = own.map(
      ({ method, path, operation }) =>
        `<li><a href="#${operationSlug(method, path)}">${method} <code>${text(path)}</code></a> ${text(operation.summary)}</li>`,
    );
    const html = `<p>${text(description)}</p><ul>${index.join("")}</ul>${own.map((one) => renderOperation(one)).join("")}`;
    return [{ slug: slug(name), title: String(name), html, operations: own }];
  });
  const schemas = Object.entries(asJson(asJson(openapi.components).schemas));
  const shapes = schemas.map(([name, schema]) => renderShape(name, asJson(schema))).join("\n");
  return [...pages, { slug: "shapes", title: "Shapes", html: shapes, operations: [] }];
}

/** Where an operation is on its page. */
export function operationSlug(method: string, path: string): string {
  return slug(`${method} ${path}`);
}

/** An operation of the document. */
export type Operation = { method: string; path: string; tag: unknown; operation: Json };

function listOperations(openapi: Json): Operation[] {
  return Object.entries(asJson(openapi.paths)).flatMap(([path, item]) =>
    METHODS.filter((method) => method in asJson(item)).map((method) => {
      const operation = asJson(asJson(item)[method]);
      return { method: method.toUpperCase(), path, tag: list(operation.tags)[0], operation };
    }),
  );
}

function renderOperation({ method, path, operation }: Operation): string {
  const isPublic = Array.isArray(operation.security) && operation.security.length === 0;
  const parameters = list(operation.parameters).map(asJson);
  const body = contentSchema(operation.requestBody);
  const answers = Object.entries(asJson(operation.responses)).filter(([status]) => /^2/.test(status));
  return `<article id="${operationSlug(method, path)}">
<h3><span class="method ${method.toLowerCase()}">${method}</span> <code>${text(path)}</code></h3>
<p>${text(operation.summary)}${isPublic ? ' <span class="public">no sign-in needed</span>' : ""}</p>
${renderBlocks(readMarkdown(String(operation.description ?? "")))}
${renderExample(method, path, operation)}
${parameters.length > 0 ? renderTable(["Parameter", "Type", "Meaning"], parameters.map(renderParameter)) : ""}
${body ? `<p>Body: ${renderType(body)}</p>` : ""}
${answers.map(([status, answer]) => `<p>Answer <code>${text(status)}</code>: ${renderAnswer(asJson(answer))}</p>`).join("")}
</article>`;
}

/** The example as a command line. */
function renderExample(method: string, path: string, operation: Json): string {
  const parameters = list(operation.parameters).map(asJson);
  const query = new URLSearchParams();
  let address = path;
  for (const { in: place, name, example } of parameters) {
    if (example === undefined) continue;
    if (place === "path") address = address.replace(`{${name}}`, encodeURIComponent(String(example)));
    if (place === "query") query.set(String(name), String(example));
  }
  const [content] = Object.values(asJson(asJson(operation.requestBody).content));
  const body = asJson(content).example;
  const isPublic = Array.isArray(operation.security) && operation.security.length === 0;
  const verb = method === "GET" ? "" : `-X ${method} `;
  const search = query.size > 0 ? `?${query}` : "";
  const parts = [
    `curl -s ${verb}"$WAXSEAL_URL${address}${search}"`,
    ...(isPublic ? [] : ['-H "Authorization: Bearer $WAXSEAL_TOKEN"']),
    ...(body === undefined
      ? []
      : ['-H "Content-Type: application/json"', `-d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`]),
  ];
  return renderCode(parts.join(" \\\n  "), "sh");
}

function renderParameter(parameter: Json): string[] {
  const schema = asJson(parameter.schema);
  const fallback = schema.default === undefined ? "" : ` Default: <code>${text(schema.default)}</code>.`;
  const required = parameter.required === true ? "" : " <small>optional</small>";
  return [
    `<code>${text(parameter.name)}</code> <small>${text(parameter.in)}</small>${required}`,
    renderType(schema),
    `${text(parameter.description ?? schema.description)}${fallback}`,
  ];
}

function renderAnswer(answer: Json): string {
  const schema = contentSchema(answer);
  return schema && Object.keys(schema).some((key) => key !== "description")
    ? renderType(schema)
    : text(answer.description || schema?.description || "empty");
}

function renderShape(name: string, schema: Json): string {
  const required = list(schema.required);
  const rows = Object.entries(asJson(schema.properties)).map(([property, value]) => {
    const shape = asJson(value);
    const optional = required.includes(property) ? "" : " <small>optional</small>";
    return [`<code>${text(property)}</code>${optional}`, renderType(shape), text(shape.description)];
  });
  return `<article id="shape-${slug(name)}"><h3>${text(name)}</h3>${renderTable(["Field", "Type", "Meaning"], rows)}</article>`;
}

/** A JSON schema in one line; shapes with a name are links. Nested ones are shown to a depth of three. */
function renderType(schema: Json, depth = 0): string {
  const name = typeof schema.$ref === "string" ? schema.$ref.split("/").at(-1) : undefined;
  if (name) return `<a href="${SHAPES}#shape-${slug(name)}">${text(name)}</a>`;
  const variants = list(schema.anyOf ?? schema.oneOf);
  if (variants.length > 0) {
    return variants.map((variant) => renderType(asJson(variant), depth)).join(" or ");
  }
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => `<code>${text(value)}</code>`).join(" ");
  if (schema.const !== undefined) return `<code>${text(schema.const)}</code>`;
  if (schema.type === "array") return `list of ${renderType(asJson(schema.items), depth)}`;
  const properties = Object.entries(asJson(schema.properties));
  if (properties.length > 0 && depth < 3) {
    const fields = properties.map(
      ([property, value]) =>
        `<li><code>${text(property)}</code>: ${renderType(asJson(value), depth + 1)}</li>`,
    );
    return `object<ul>${fields.join("")}</ul>`;
  }
  const type = Array.isArray(schema.type) ? schema.type.join(" or ") : (schema.type ?? "any");
  return text([type, schema.format].filter(Boolean).join(", "));
}

function contentSchema(holder: unknown): Json | undefined {
  const [content] = Object.values(asJson(asJson(holder).content));
  return content === undefined ? undefined : asJson(asJson(content).schema);
}

function slug(value: unknown): string {
  return headingId(String(value ?? ""));
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Every object can be read as a record of unknowns; anything else reads as an empty one. */
function asJson(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
