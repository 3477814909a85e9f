import { Link } from "@tanstack/react-router";
import { type Block, type Inline, readMarkdown } from "@waxseal/contract/read-markdown";
import { paths } from "../../paths.ts";
import styles from "./Help.module.css";

/** A page of the help. Its title is shown by the frame. */
export function Markdown({ source }: { source: string }) {
  const [, ...blocks] = readMarkdown(source);
  return (
    <div className={styles.text}>
      {blocks.map((block) => (
        <Drawn key={JSON.stringify(block)} block={block} />
      ))}
    </div>
  );
}

function Drawn({ block }: { block: Block }) {
  if (block.kind === "heading") return <h2 id={block.id}>{block.text}</h2>;
  if (block.kind === "code") return <pre>{block.text}</pre>;
  if (block.kind === "paragraph")
    return (
      <p>
        <Line parts={block.content} />
      </p>
    );
  if (block.kind === "table") return <Cells head={block.head} rows={block.rows} />;
  const List = block.ordered ? "ol" : "ul";
  return (
    <List>
      {block.items.map((item) => (
        <li key={JSON.stringify(item)}>
          <Line parts={item} />
        </li>
      ))}
    </List>
  );
}

function Cells({ head, rows }: { head: Inline[][]; rows: Inline[][][] }) {
  return (
    <table>
      <thead>
        <tr>
          {head.map((cell) => (
            <th key={JSON.stringify(cell)} scope="col">
              <Line parts={cell} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={JSON.stringify(row)}>
            {row.map((cell) => (
              <td key={JSON.stringify(cell)}>
                <Line parts={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Line({ parts }: { parts: readonly Inline[] }) {
  return parts.map((part) => {
    const key = JSON.stringify(part);
    if (part.kind === "code") return <code key={key}>{part.text}</code>;
    if (part.kind === "strong") return <strong key={key}>{part.text}</strong>;
    if (part.kind === "text") return part.text;
    return part.kind === "link" && <Anchor key={key} text={part.text} href={part.href} />;
  });
}

/** The documentation of the API is not a page of the dashboard. */
function Anchor({ text, href }: { text: string; href: string }) {
  if (href.startsWith("/")) return <a href={href}>{text}</a>;
  const [page = "", hash] = href.split("#");
  return (
    <Link to={paths.helpPage({ page })} {...(hash !== undefined && { hash })}>
      {text}
    </Link>
  );
}
