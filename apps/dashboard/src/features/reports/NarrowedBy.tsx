import { Link } from "@tanstack/react-router";
import { explainResultType } from "@waxseal/tls-rpt";
import { buttonClass } from "../../ui/Button.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Row } from "../../ui/Layout.tsx";
import { NARROWING, type Narrowing, type ReportSearch } from "./read-report-search.ts";
import { formatPolicyType } from "./report-words.ts";

const NAMES = {
  source: "Source",
  result: "Result",
  mx: "Mail host",
  ip: "Sending address",
  policy: "Policy",
} satisfies Record<keyof Narrowing, string>;

/** What the page is narrowed to, each with a way to end that; nothing while it is not. */
export function NarrowedBy({ search }: { search: ReportSearch }) {
  const chosen = NARROWING.flatMap((name) => {
    const value = search[name];
    return value === undefined ? [] : [{ name, value }];
  });
  if (chosen.length === 0) return null;
  return (
    <Row>
      {chosen.map(({ name, value }) => (
        <Link
          key={name}
          to="."
          search={(all: ReportSearch) => ({ ...all, [name]: undefined })}
          resetScroll={false}
          className={buttonClass("secondary", true)}
          aria-label={`${NAMES[name]}: ${inWords(name, value)}, remove this filter`}
        >
          {NAMES[name]}: {inWords(name, value)} <Icon name="cross" size={12} />
        </Link>
      ))}
      {chosen.length > 1 && (
        <Link
          to="."
          search={(all: ReportSearch) => ({ ...all, ...NOTHING })}
          resetScroll={false}
          className={buttonClass("quiet", true)}
        >
          Clear all filters
        </Link>
      )}
    </Row>
  );
}

const NOTHING = { source: undefined, result: undefined, mx: undefined, ip: undefined, policy: undefined };

function inWords(name: keyof Narrowing, value: string): string {
  if (name === "result") return explainResultType(value).title;
  return name === "policy" ? formatPolicyType(value) : value;
}
