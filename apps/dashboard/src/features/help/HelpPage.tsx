import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { GLOSSARY } from "../../format/glossary.ts";
import { HELP_PAGES } from "../../format/help-pages.ts";
import { paths } from "../../paths.ts";
import { FrontFrame } from "../../ui/FrontPage.tsx";
import styles from "./Help.module.css";
import { Markdown } from "./Markdown.tsx";

const SOURCES = import.meta.glob<string>("./pages/*.md", { query: "?raw", import: "default" });

/** The help: one page of it, beside the list of all. It needs no sign-in. */
export function HelpPage() {
  const { page: asked = HELP_PAGES[0].page } = useParams({ strict: false });
  const known = HELP_PAGES.find(({ page }) => page === asked);
  const title = known?.title ?? "There is no such help page";
  return (
    <FrontFrame title={title} links={<Link to={paths.home()}>Open Waxseal</Link>}>
      <div className={styles.help}>
        <nav aria-label="Help pages" className={styles.pages}>
          <ul>
            {HELP_PAGES.map(({ page, title: name }) => (
              <li key={page}>
                <Link to={paths.helpPage({ page })} aria-current={page === asked ? "page" : undefined}>
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <article>
          <h1>{title}</h1>
          {known?.page === "glossary" && <Glossary />}
          {known && known.page !== "glossary" && (
            <QueryBoundary height={400}>
              <Page key={known.page} page={known.page} />
            </QueryBoundary>
          )}
        </article>
      </div>
    </FrontFrame>
  );
}

function Page({ page }: { page: string }) {
  const { data } = useSuspenseQuery({
    queryKey: ["help", page],
    queryFn: () => SOURCES[`./pages/${page}.md`]?.() ?? Promise.reject(new Error(`no help page ${page}`)),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return <Markdown source={data} />;
}

function Glossary() {
  return (
    <dl className={styles.text}>
      {Object.entries(GLOSSARY)
        .toSorted(([, one], [, other]) => one.name.localeCompare(other.name, "en"))
        .map(([id, { name, text, page }]) => (
          <div key={id} id={id}>
            <dt>{name}</dt>
            <dd>
              {text}{" "}
              <Link to={paths.helpPage({ page })}>
                {HELP_PAGES.find((one) => one.page === page)?.title ?? name}
              </Link>
            </dd>
          </div>
        ))}
    </dl>
  );
}
