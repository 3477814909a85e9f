import { readdirSync, readFileSync } from "node:fs";
import { PROBLEM_REASONS } from "@waxseal/contract";
import { type Block, readMarkdown } from "@waxseal/contract/read-markdown";

/** A page about one subject. `slug` is the last part of its address. */
export type DocsPage = { slug: string; title: string; blocks: Block[] };

const FOLDER = new URL("./pages/", import.meta.url);

/** The order in which tasks are done. */
const ORDER = [
  "quick-start",
  "first-domain",
  "policies",
  "reports",
  "customers",
  "webhooks",
  "errors",
  "limits",
  "how-do-i",
];

/** The pages of the documentation in task order; examples name the installation's own address. */
export function loadDocsPages(publicUrl: string): DocsPage[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".md"));
  const slugs = files.map((name) => name.replace(/\.md$/, ""));
  return slugs
    .toSorted((one, other) => ORDER.indexOf(one) - ORDER.indexOf(other))
    .map((slug) => {
      const source = readFileSync(new URL(`${slug}.md`, FOLDER), "utf8")
        .replaceAll("{{url}}", publicUrl)
        .replace("{{onboard.mjs}}", () => `\`\`\`js\n${readOnboardingScript().trimEnd()}\n\`\`\``)
        .replace("{{reasons}}", formatReasons);
      const blocks = readMarkdown(source);
      const [title] = blocks;
      return { slug, title: title?.kind === "heading" ? title.text : slug, blocks };
    });
}

/** The script that onboards customers from a list. */
export function readOnboardingScript(): string {
  return readFileSync(new URL("onboard.mjs", FOLDER), "utf8");
}

function formatReasons(): string {
  const rows = Object.entries(PROBLEM_REASONS).flatMap(([code, reasons]) =>
    Object.entries(reasons).map(([reason, meaning]) => `| \`${code}\` | \`${reason}\` | ${meaning} |`),
  );
  return ["| Code | Reason | Meaning |", "|---|---|---|", ...rows].join("\n");
}
