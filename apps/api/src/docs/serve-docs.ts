import { AppError } from "@waxseal/core";
import type { FastifyInstance } from "fastify";
import { type DocsPage, loadDocsPages } from "./docs-pages.ts";
import { renderBlocks, renderPage, text } from "./render-html.ts";
import { renderReference } from "./render-reference.ts";
import { type Found, indexDocs, searchDocs } from "./search-docs.ts";

const MAX_QUERY = 100;

/** `/api/openapi.json`, and the documentation to read under `/api/docs`: pages in task order, the reference, and a search, without scripts. */
export async function serveDocs(app: FastifyInstance, publicUrl: string): Promise<void> {
  const schema = { hide: true };
  const site = lazily(() => buildSite(app.swagger(), publicUrl));
  app.get("/api/openapi.json", { schema }, async (_request, reply) =>
    reply.header("cache-control", "no-cache").send(app.swagger()),
  );
  app.get("/api/docs", { schema }, async (_request, reply) => html(reply).send(site().overview));
  app.get("/api/docs/search", { schema }, async (request, reply) => {
    const { q } = Object(request.query);
    return html(reply).send(site().search(typeof q === "string" ? q.slice(0, MAX_QUERY) : ""));
  });
  app.get("/api/docs/*", { schema }, async (request, reply) => {
    const page = site().pages.get(request.url.split("?", 1)[0] ?? "");
    if (page === undefined)
      throw new AppError("not_found", "There is no such page.", { reason: "no_such_page" });
    return html(reply).send(page);
  });
}

type Reply = {
  type(value: string): Reply;
  header(name: string, value: string): Reply;
  send(body: string): unknown;
};

const html = (reply: Reply) => reply.type("text/html; charset=utf-8").header("cache-control", "no-cache");

function buildSite(document: object, publicUrl: string) {
  const docs = loadDocsPages(publicUrl);
  const reference = renderReference(document);
  const index = indexDocs(docs, reference);
  const menu = [
    ...docs.map(({ slug, title }) => ({ path: `/api/docs/${slug}`, title })),
    { path: "/api/docs/reference", title: "Reference" },
  ];
  const page = (path: string, title: string, body: string) => renderPage({ title, path }, menu, body);
  const pages = new Map<string, string>();
  for (const { slug, title, blocks } of docs)
    pages.set(`/api/docs/${slug}`, page(`/api/docs/${slug}`, title, renderBlocks(blocks)));
  for (const { slug, title, html: body } of reference)
    pages.set(`/api/docs/reference/${slug}`, page(`/api/docs/reference/${slug}`, title, body));
  const subjects = reference.map(
    ({ slug, title, operations }) =>
      `<li><a href="/api/docs/reference/${slug}">${text(title)}</a>${operations.length > 0 ? `: ${operations.length} operations` : ": what they send and answer"}</li>`,
  );
  const document_ =
    '<p>The same for programs: <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1).</p>';
  pages.set(
    "/api/docs/reference",
    page("/api/docs/reference", "Reference", `<ul>${subjects.join("")}</ul>${document_}`),
  );
  return {
    overview: page("/api/docs", "API documentation", renderOverview(docs) + document_),
    pages,
    search: (query: string) =>
      renderPage(
        { title: "Search", path: "/api/docs/search", query },
        menu,
        renderFound(query, searchDocs(index, query)),
      ),
  };
}

function renderOverview(docs: readonly DocsPage[]): string {
  const items = docs.map(({ slug, title, blocks }) => {
    const lead = blocks.filter((block) => block.kind === "paragraph").slice(0, 1);
    return `<li><a href="/api/docs/${slug}">${text(title)}</a>${renderBlocks(lead)}</li>`;
  });
  return `<p>Everything the dashboard does, it does through this API. The pages are in the order in which tasks are done.</p><ol>${items.join("")}</ol><p>Every operation, parameter and field: <a href="/api/docs/reference">reference</a>.</p>`;
}

function renderFound(query: string, found: readonly Found[]): string {
  if (query.trim() === "") return "<p>Type one or more words.</p>";
  if (found.length === 0)
    return `<p>Nothing found for “${text(query)}”. Try fewer or other words, or see <a href="/api/docs/how-do-i">How do I …</a></p>`;
  const items = found.map(
    ({ href, title, page }) =>
      `<li><a href="${text(href)}">${text(title)}</a> <small>${text(page)}</small></li>`,
  );
  return `<p>${found.length} found for “${text(query)}”.</p><ul>${items.join("")}</ul>`;
}

function lazily<T>(build: () => T): () => T {
  let built: { value: T } | undefined;
  return () => {
    built ??= { value: build() };
    return built.value;
  };
}
