/** A piece of SQL in a source: its tag, its line, and its text, which still has its holes. */
type Template = { tag: string; line: number; text: string; hasHoles: boolean };

/** Tagged templates of a source, each with those inside its holes, which belong to the same statement. */
export function listTemplates(source: string): Template[] {
  return [...source.matchAll(/(\$queryRaw|\$executeRaw|Prisma\.sql)(?:<[^`]*?>)?`/g)].map((match) => {
    const start = match.index + match[0].length;
    const text = source.slice(start, endOfTemplate(source, start));
    const line = source.slice(0, match.index).split("\n").length;
    return { tag: match[1] ?? "", line, text, hasHoles: text.includes("${") };
  });
}

/** Where the template ends whose text begins at `start`. */
function endOfTemplate(source: string, start: number): number {
  for (let at = start; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === "`") return at;
    else if (source.startsWith("${", at)) at = endOfHole(source, at + 2);
  }
  return source.length;
}

function endOfHole(source: string, start: number): number {
  let depth = 1;
  for (let at = start; at < source.length; at++) {
    if (source[at] === "`") at = endOfTemplate(source, at + 1);
    else if (source[at] === "{") depth++;
    else if (source[at] === "}" && --depth === 0) return at;
  }
  return source.length;
}
