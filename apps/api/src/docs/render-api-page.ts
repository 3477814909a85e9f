import { API_PAGE_STYLE } from "./api-page-style.ts";

type Json = Readonly<Record<string, unknown>>;

const METHODS = ["get", "post", "put", "patch", "delete"];

/** The API page: an OpenAPI document as one HTML page to read, without scripts. */
export function renderApiPage(document: object): string {
  const openapi = asJson(document);
  const info = asJson(openapi.info);
  const operations = listOperations(openapi);
  const tags = list(openapi.tags).map(asJson);
  const sections = tags.map((tag) => {
    const own = operations.filter((operation) => operation.tag === tag.name);
    return own.length === 0
      ? ""
      : `<section><h2 id="${slug(tag.name)}">${text(tag.name)}</h2><p>${text(tag.description)}</p>${own.map((operation) => renderOperation(operation)).join("")}</section>`;
  });
  const schemas = Object.entries(asJson(asJson(openapi.components).schemas));
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(info.title)} API</title><style>${API_PAGE_STYLE}</style></head>
<body><main>
<h1>${text(info.title)} API</h1>
${paragraphs(info.description)}
<p>Machine-readable: <a href="/api/openapi.json">/api/openapi.json</a></p>
<nav><ul>${tags.map((tag) => `<li><a href="#${slug(tag.name)}">${text(tag.name)}</a></li>`).join("")}<li><a href="#shapes">Shapes</a></li></ul></nav>
${sections.join("\n")}
<section><h2 id="shapes">Shapes</h2>${schemas.map(([name, schema]) => renderShape(name, asJson(schema))).join("\n")}</section>
</main></body></html>
`;
}

type Operation = { method: string; path: string; tag: unknown; operation: Json };

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
  return `<article id="${slug(`${method} ${path}`)}">
<h3><span class="method ${method.toLowerCase()}">${method}</span> <code>${text(path)}</code></h3>
<p>${text(operation.summary)}${isPublic ? ' <span class="public">no sign-in needed</span>' : ""}</p>
${operation.description ? `<p>${text(operation.description)}</p>` : ""}
${parameters.length > 0 ? `<table><thead><tr><th>Parameter</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${parameters.map(renderParameter).join("")}</tbody></table>` : ""}
${body ? `<p>Body: ${renderType(body)}</p>` : ""}
${answers.map(([status, answer]) => `<p>Answer <code>${text(status)}</code>: ${renderAnswer(asJson(answer))}</p>`).join("")}
</article>`;
}

function renderParameter(parameter: Json): string {
  const schema = asJson(parameter.schema);
  const fallback = schema.default === undefined ? "" : ` Default: <code>${text(schema.default)}</code>.`;
  const required = parameter.required === true ? "" : " <small>optional</small>";
  return `<tr><td><code>${text(parameter.name)}</code> <small>${text(parameter.in)}</small>${required}</td><td>${renderType(schema)}</td><td>${text(parameter.description ?? schema.description)}${fallback}</td></tr>`;
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
    return `<tr><td><code>${text(property)}</code>${optional}</td><td>${renderType(shape)}</td><td>${text(shape.description)}</td></tr>`;
  });
  return `<article id="shape-${slug(name)}"><h3>${text(name)}</h3><table><thead><tr><th>Field</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${rows.join("")}</tbody></table></article>`;
}

/** A JSON schema in one line; shapes with a name are links. Nested ones are shown to a depth of three. */
function renderType(schema: Json, depth = 0): string {
  const name = typeof schema.$ref === "string" ? schema.$ref.split("/").at(-1) : undefined;
  if (name) return `<a href="#shape-${slug(name)}">${text(name)}</a>`;
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

function paragraphs(value: unknown): string {
  return String(value ?? "")
    .split(/\n\n+/)
    .map((part) => `<p>${text(part).replace(/`([^`]+)`/g, "<code>$1</code>")}</p>`)
    .join("");
}

function slug(value: unknown): string {
  return String(value ?? "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

function text(value: unknown): string {
  return String(value ?? "").replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Every object can be read as a record of unknowns; anything else reads as an empty one. */
function asJson(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
