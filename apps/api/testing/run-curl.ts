/** What a shell block asks for: the request, and what becomes of the answer. */
export type CurlStep = {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
  /** `NAME=$(curl … | jq -r .path)` */
  assign: { name: string; path: string } | undefined;
};

/**
 * Reads the curl lines of a shell block as a shell would, as far as the documentation needs it: quotes, `$NAME`, lines that go on, `-s`, `-i`,
 * `-X`, `-H`, `-d`, and `NAME=$(… | jq -r .path)`. Throws on anything else, so that no example is passed over.
 */
export function readCurl(block: string, variables: Readonly<Record<string, string>>): CurlStep[] {
  return block
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^(?:#|export )/.test(line))
    .map((line) => {
      const assigned = /^(\w+)=\$\((.*) \| jq -r (\.[\w.]+)\)$/.exec(line);
      const [, name = "", command = line, path = ""] = assigned ?? [];
      const assign = assigned ? { name, path } : undefined;
      return { ...readCommand(splitWords(command.replace(/ \| jq \.[\w.]+$/, ""), variables)), assign };
    });
}

function readCommand(words: readonly string[]): Omit<CurlStep, "assign"> {
  const step = {
    method: "GET",
    url: "",
    headers: {} as Record<string, string>,
    body: undefined as string | undefined,
  };
  const [program, ...rest] = words;
  if (program !== "curl") throw new Error(`The example runs ${program}, which is not curl.`);
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? "";
    const next = () => rest[++at] ?? "";
    if (word === "-s" || word === "-i") continue;
    if (word === "-X") step.method = next();
    else if (word === "-d") step.body = next();
    else if (word === "-H") {
      const [, name = "", value = ""] = /^([^:]+): (.*)$/.exec(next()) ?? [];
      step.headers[name.toLowerCase()] = value;
    } else if (word.startsWith("-") || step.url !== "")
      throw new Error(`The example has ${word}, which is not known.`);
    else step.url = word;
  }
  return step;
}

function splitWords(command: string, variables: Readonly<Record<string, string>>): string[] {
  const expand = (text: string) =>
    text.replace(/\$(\w+)/g, (_all, name: string) => {
      const value = variables[name];
      if (value === undefined) throw new Error(`The example uses $${name}, which is not set.`);
      return value;
    });
  const words = [...command.matchAll(/'([^']*)'|"((?:[^"\\]|\\.)*)"|([^\s'"]+)/g)];
  return words.map(([, single, double, bare = ""]) =>
    single !== undefined
      ? single
      : double !== undefined
        ? expand(double.replace(/\\(["\\$])/g, "$1"))
        : expand(bare),
  );
}
